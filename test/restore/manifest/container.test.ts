import { describe, expect, it } from "vitest";
import { madeOf } from "./made.ts";

describe("resources", () => {
  it("are limits and requests again", async () => {
    const { container } = await madeOf("cri-o", (spec) => {
      spec.linux["cgroupsPath"] = "/kubepods/burstable/pod1/crio-1";
      spec.linux.resources = {
        cpu: { shares: 256, quota: 50_000, period: 100_000 },
        memory: { limit: 256 * 1024 ** 2 },
        hugepageLimits: [
          { pageSize: "2MB", limit: 4 * 1024 ** 2 },
          { pageSize: "1GB", limit: 0 },
        ],
        unified: { "memory.min": String(64 * 1024 ** 2) },
      };
    });
    expect(container.resources).toEqual({
      limits: { cpu: "500m", memory: "256Mi", "hugepages-2Mi": "4Mi" },
      requests: { cpu: "250m", memory: "64Mi" },
    });
  });

  it("of guaranteed pods are one", async () => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      spec.linux["cgroupsPath"] = "kubepods-pod1.slice:crio:1";
      spec.linux.resources = {
        cpu: { shares: 1024, quota: 100_000, period: 100_000 },
        memory: { limit: 1e9 },
      };
    });
    expect(container.resources).toEqual({
      limits: { cpu: "1000m", memory: "1000000000" },
      requests: { cpu: "1000m", memory: "1000000000" },
    });
    expect(decided("spec.containers[0].resources")).toEqual([]);
  });

  it("are at least what comes back", async () => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      spec.linux["cgroupsPath"] = "/kubepods/burstable/pod1/crio-1";
      spec.linux.resources = { memory: { limit: 4096 } };
    });
    expect(container.resources).toEqual({
      limits: { memory: "4096" },
      requests: { memory: "4096" },
    });
    expect(decided("spec.containers[0].resources").join()).toMatch(/would be killed/);
  });

  it("of huge pages are whole ones, and never alone", async () => {
    const { container } = await madeOf("cri-o", (spec) => {
      spec.linux.resources = {
        hugepageLimits: [
          { pageSize: "2MB", limit: 2 * 1024 ** 2 },
          { pageSize: "1GB", limit: 4096 },
        ],
      };
    });
    expect(container.resources).toEqual({
      limits: { "hugepages-2Mi": "2Mi" },
      requests: { memory: "1Mi" },
    });
  });

  it("that nobody asked for are none, whatever the kernel's groups have by default", async () => {
    const { container } = await madeOf("podman", () => {});
    expect(container.resources).toBeUndefined();
  });

  it("ask plugins for graphics processors", async () => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      const paths = ["/dev/nvidia0", "/dev/nvidia1", "/dev/nvidiactl", "/dev/fuse"];
      spec.linux["devices"] = paths.map((path) => ({ path, type: "c", major: 1, minor: 1 }));
    });
    expect(container.resources?.limits).toEqual({ "nvidia.com/gpu": "2" });
    expect(decided("spec.containers[0]").join()).toMatch(/ \/dev\/fuse\. /);
  });
});

describe("the container", () => {
  it("has the terminal, folder and messages that it had", async () => {
    const { pod, container } = await madeOf("cri-o", (spec) => {
      spec.process["terminal"] = true;
      spec.process["cwd"] = "/srv/app";
      Object.assign(spec.annotations, {
        "io.kubernetes.cri-o.Stdin": "true",
        "io.kubernetes.cri-o.StdinOnce": "true",
        "io.kubernetes.container.terminationMessagePath": "/tmp/last-words",
        "io.kubernetes.container.terminationMessagePolicy": "FallbackToLogsOnError",
        "io.kubernetes.pod.terminationGracePeriod": "7",
      });
    });
    expect(container).toMatchObject({
      workingDir: "/srv/app",
      tty: true,
      stdin: true,
      stdinOnce: true,
      terminationMessagePath: "/tmp/last-words",
      terminationMessagePolicy: "FallbackToLogsOnError",
    });
    expect(pod.spec.terminationGracePeriodSeconds).toBe(7);
  });

  it("lists ports that listen, and not those of loopback", async () => {
    const { container } = await madeOf("podman", () => {});
    const tcp = { containerPort: 18080, protocol: "TCP" };
    expect(container.ports).toEqual([tcp, { containerPort: 18082, protocol: "UDP" }]);
    const passing = await madeOf(
      "podman",
      () => {},
      {},
      (alteration) =>
        alteration.image("files.img", "file_entry", (entries) => {
          for (const { isk } of entries) if (isk?.src_port === 18082) isk.src_port = 50_000;
          return entries;
        }),
    );
    expect(passing.container.ports).toEqual([tcp]);
  });
});
