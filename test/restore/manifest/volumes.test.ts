import { describe, expect, it } from "vitest";
import { Alteration } from "../../support/alteration.ts";
import { crioCounter } from "../../support/samples.ts";
import { made, madeOf, type OciSpec } from "./made.ts";
import { bind, mountedAs, mounting, ofPod, volumes } from "./mounting.ts";

describe("volumes", () => {
  it.each<[string, object, RegExp | undefined]>([
    ["kubernetes.io~empty-dir/data", { emptyDir: {} }, undefined],
    ["kubernetes.io~configmap/data", { configMap: { name: "data" } }, /not the ConfigMap's/],
    ["kubernetes.io~secret/data", { secret: { secretName: "data" } }, /not the Secret's/],
    [
      "kubernetes.io~projected/data",
      { projected: { sources: [{ configMap: { name: "data" } }] } },
      /what was projected/,
    ],
    ["kubernetes.io~downward-api/data", { downwardAPI: {} }, /items/],
    [
      "kubernetes.io~csi/pvc-1/mount",
      { persistentVolumeClaim: { claimName: "pvc-1" } },
      /kubectl get pv pvc-1/,
    ],
    [
      "kubernetes.io~local-volume/pv-2",
      { persistentVolumeClaim: { claimName: "pv-2" } },
      /kubectl get pv pv-2/,
    ],
    [
      "kubernetes.io~nfs/share",
      { persistentVolumeClaim: { claimName: "share" } },
      /kubectl get pv share/,
    ],
    [
      "example.com~driver/disk",
      { persistentVolumeClaim: { claimName: "disk" } },
      /kubectl get pv disk/,
    ],
  ])("%s", async (path, source, decision) => {
    const { pod, container, decided } = await madeOf(
      "cri-o",
      mounting(bind(`${volumes}/${path}`, "/data")),
    );
    const name = path.split("/")[1] as string;
    expect(pod.spec.volumes).toEqual([{ name, ...source }]);
    expect(container.volumeMounts).toEqual([{ name, mountPath: "/data" }]);
    const told = decided("spec.containers[0].volumeMounts[0]");
    if (decision === undefined) expect(told).toEqual([]);
    else expect(told).toEqual([expect.stringMatching(decision)]);
  });

  it("of the node keep their path, and what lay there where CRI-O tells", async () => {
    const alteration = await Alteration.of(crioCounter);
    const path = alteration
      .json("spec.dump", (spec) =>
        mounting(bind("/srv/a", "/a", "ro"), bind("/srv/b", "/b"))(spec as OciSpec),
      )
      .json("bind.mounts", (list) => {
        (list as unknown as object[]).push({
          source: "/srv/b",
          destination: "/b",
          file_type: "file",
        });
      })
      .write();
    const { pod, container, decided } = await made(path);
    expect(pod.spec.volumes).toEqual([
      { name: "a", hostPath: { path: "/srv/a" } },
      { name: "b", hostPath: { path: "/srv/b", type: "File" } },
    ]);
    expect(container.volumeMounts).toEqual([
      { name: "a", mountPath: "/a", readOnly: true },
      { name: "b", mountPath: "/b" },
    ]);
    expect(decided("spec.containers[0].volumeMounts[1]")[0]).toMatch(
      /is given \/srv\/b of the node/,
    );
  });

  it("that are mounted twice are one volume", async () => {
    const cache = `${volumes}/kubernetes.io~empty-dir/cache`;
    const { pod, container } = await madeOf(
      "containerd",
      mounting(
        bind(cache, "/a"),
        bind(`${cache}/below`, "/b"),
        bind("/srv", "/c"),
        bind("/srv", "/d"),
      ),
    );
    expect(pod.spec.volumes?.map(({ name }) => name)).toEqual(["cache", "c"]);
    expect(container.volumeMounts).toEqual([
      { name: "cache", mountPath: "/a" },
      { name: "cache", mountPath: "/b", subPath: "below" },
      { name: "c", mountPath: "/c" },
      { name: "c", mountPath: "/d" },
    ]);
  });

  it("of which a part was mounted are looked up in the kernel's mounts", async () => {
    const source = "/var/lib/kubelet/pods/POD/volume-subpaths/cache/counter/0";
    const alteration = await Alteration.of(crioCounter);
    alteration.json("spec.dump", (spec) => mounting(bind(source, "/part"))(spec as OciSpec));
    const unknown = await made(alteration.write());
    expect(unknown.container.volumeMounts).toEqual([{ name: "cache", mountPath: "/part" }]);
    expect(unknown.decided("spec.containers[0].volumeMounts[0]")[0]).toMatch(/which subPath/);

    const root = `/srv${volumes}/kubernetes.io~empty-dir/cache/logs/today`;
    await mountedAs(alteration, "etc/hosts", "part", root);
    const told = await made(alteration.write());
    expect(told.pod.spec.volumes).toEqual([{ name: "cache", emptyDir: {} }]);
    expect(told.container.volumeMounts).toEqual([
      { name: "cache", mountPath: "/part", subPath: "logs/today" },
    ]);
    expect(told.decided("spec.containers[0].volumeMounts[0]")).toEqual([]);
  });

  it("are in memory where the kubelet mounted some, not where its own folder is there", async () => {
    const folder = "/kubelet/pods/x/volumes/kubernetes.io~empty-dir/cache";
    const mediumFor = async (root: string): Promise<unknown> => {
      const { pod } = await madeOf(
        "cri-o",
        mounting(bind(`${volumes}/kubernetes.io~empty-dir/cache`, "/cache")),
        {},
        (alteration) => mountedAs(alteration, "dev/shm", "cache", root),
      );
      return pod.spec.volumes;
    };
    expect(await mediumFor("/")).toEqual([{ name: "cache", emptyDir: { medium: "Memory" } }]);
    expect(await mediumFor(folder)).toEqual([{ name: "cache", emptyDir: {} }]);
  });

  it("of which a part lies outside are not given one", async () => {
    const { container, decided } = await madeOf(
      "cri-o",
      mounting(bind("/var/lib/kubelet/pods/POD/volume-subpaths/cache/counter/0", "/part")),
      {},
      (alteration) =>
        mountedAs(alteration, "etc/hosts", "part", "/pods/x/volumes/empty-dir/cache/../../etc"),
    );
    expect(container.volumeMounts).toEqual([{ name: "cache", mountPath: "/part" }]);
    expect(decided("spec.containers[0].volumeMounts[0]")[0]).toMatch(/cannot be told/);
  });

  it("of another pod are suspicious", async () => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      mounting(bind(`${volumes}/kubernetes.io~secret/token`, "/stolen"))(spec);
      spec.annotations["io.kubernetes.pod.uid"] = "00000000-0000-4000-8000-000000000000";
    });
    expect(decided("spec.containers[0].volumeMounts[0]")[0]).toMatch(/belongs to another pod/);
    expect(container.volumeMounts).toHaveLength(1);
  });

  it("of memory at /dev/shm are the pod's, whatever they are called", async () => {
    const { container, noted } = await madeOf("containerd", (spec) => {
      const shm = spec.mounts.find(({ destination }) => destination === "/dev/shm");
      const source = ofPod(spec, `${volumes}/kubernetes.io~empty-dir/shm`);
      Object.assign(shm as object, { source });
    });
    expect(container.volumeMounts).toEqual([{ name: "shm", mountPath: "/dev/shm" }]);
    expect(noted("spec.containers[0].volumeMounts[0]").join()).toMatch(/CRI-O puts its own/);
  });

  it("of tokens are left to the API server", async () => {
    const token = `${volumes}/kubernetes.io~projected/kube-api-access-x7abc`;
    const at = "/var/run/secrets/kubernetes.io/serviceaccount";
    const { pod, container, decided } = await madeOf("cri-o", mounting(bind(token, at, "ro")));
    expect(container.volumeMounts).toBeUndefined();
    expect(pod.spec.automountServiceAccountToken).toBeUndefined();
    expect(decided("spec")).toEqual([expect.stringMatching(/serviceAccountName/)]);
  });

  it("keep what is special in how they are mounted", async () => {
    const at = `${volumes}/kubernetes.io~empty-dir`;
    const { container, decided } = await madeOf(
      "containerd",
      mounting(
        { destination: "/slave", source: `${at}/a`, type: "bind", options: ["rbind", "rslave"] },
        { destination: "/shared", source: `${at}/b`, type: "bind", options: ["rbind", "rshared"] },
        { destination: "/deep", source: `${at}/c`, type: "bind", options: ["rbind", "rro"] },
      ),
    );
    expect(container.volumeMounts).toEqual([
      { name: "a", mountPath: "/slave", mountPropagation: "HostToContainer" },
      { name: "b", mountPath: "/shared", mountPropagation: "HostToContainer" },
      { name: "c", mountPath: "/deep", readOnly: true, recursiveReadOnly: "Enabled" },
    ]);
    expect(decided("spec.containers[0].volumeMounts[1]")[0]).toMatch(/privileged/);
  });

  it("that are none are not made up in silence", async () => {
    const { container, decided } = await madeOf(
      "cri-o",
      mounting(
        { destination: "/sys/fs/bpf", type: "bpf", source: "bpf", options: [] },
        bind("/srv", "/with:colon"),
        bind("/srv", "/twice"),
        bind("/opt", "/twice"),
      ),
    );
    expect(container.volumeMounts?.map((it) => it.mountPath)).toEqual(["/sys/fs/bpf", "/twice"]);
    expect(decided("spec.containers[0].volumeMounts[0]")[0]).toMatch(/stands in/);
    expect(decided("spec.containers[0]").join()).toMatch(/with:colon.*does not take.*second one/);
  });
});
