import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fastClock } from "../../support/clock.ts";
import { json, kubeconfig } from "../../support/fake-cluster.ts";
import {
  endBadly,
  endWell,
  fakeReader,
  podIn,
  remotePath,
  running,
  sendOutput,
  waiting,
} from "../../support/fake-reader.ts";
import { archive, fetching, name, sha256 } from "../../support/fetching.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/samples.ts";
import { rawTcp } from "../../support/stand-in.ts";

describe("--fetch by a pod", () => {
  it("brings the archive whole, private, under its name, and takes the pod away", async () => {
    const { code, out, err, folder, reader } = await fetching({});
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [item] = JSON.parse(out).items;
    expect(item).toMatchObject({
      paths: [remotePath],
      fetched: [
        {
          path: join(folder, name),
          way: "pod",
          sizeBytes: archive.length,
          sha256,
          compared: true,
          removed: false,
          error: null,
        },
      ],
    });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name)).equals(archive)).toBe(true);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, name)).nlink).toBe(1);
    expect(reader.calls()).toEqual(["POST", "GET", "DELETE"]);
    expect(reader.ran).toEqual([
      ["stat", "-c", "%s", `/checkpoints/${name}`],
      ["cat", `/checkpoints/${name}`],
      ["sha256sum", `/checkpoints/${name}`],
    ]);
  });

  it("asks for a pod that can do as little as possible", async () => {
    const { reader } = await fetching({}, ["--fetch-image", "busybox:1", "--fetch-timeout", "10m"]);
    const { metadata, spec } = reader.pod();
    expect(metadata["name"]).toMatch(/^cryoscope-fetch-[0-9a-f]{10}$/);
    expect(spec).toMatchObject({
      nodeName: "lab-node",
      restartPolicy: "Never",
      activeDeadlineSeconds: 660,
      automountServiceAccountToken: false,
      tolerations: [{ operator: "Exists" }],
      volumes: [{ hostPath: { path: "/var/lib/kubelet/checkpoints", type: "Directory" } }],
      containers: [
        {
          image: "busybox:1",
          volumeMounts: [{ mountPath: "/checkpoints", readOnly: true }],
          resources: { limits: { cpu: "1", memory: "64Mi" } },
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
  });

  it("tells people how it goes, and scripts with -q where the archive is", async () => {
    const reader = await fakeReader({ archive });
    const words = [
      "checkpoint",
      "--kubeconfig",
      kubeconfig(reader.api),
      "default/counter",
      "--fetch",
    ];
    const told = await run([...words, scratch()]);
    expect(told.err).toMatch(/bringing the archive by pod default\/cryoscope-fetch-/);
    expect(told.err).toContain("293.0 KiB brought");
    expect(told.err).toContain("SHA-256 is the same on both ends");
    expect(told.out).toContain("HERE");
    const folder = scratch();
    expect(await run([...words, folder, "-q"])).toEqual({
      code: 0,
      out: `${join(folder, name)}\n`,
      err: "",
    });
  });

  it("shows on a terminal how far it is", async () => {
    const programs = {
      cat: async (socket: Parameters<typeof endWell>[0]) => {
        await sendOutput(socket, archive.subarray(0, 150_000));
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await sendOutput(socket, archive.subarray(150_000));
        endWell(socket);
      },
    };
    const { err } = await fetching({ programs }, [], { columns: 100, clock: fastClock(1) });
    expect(err).toMatch(/\[2Kbringing the archive by pod .* 146\.\d KiB 49 % /);
    expect(err.endsWith("\r\u001b[2K")).toBe(true);
  });

  it("goes through the proxy that the kubeconfig names", async () => {
    const reader = await fakeReader({ archive });
    const asked: string[] = [];
    const proxy = await rawTcp((socket) => {
      socket.once("data", (head: Buffer) => {
        asked.push(head.toString().split("\r\n")[0] ?? "");
        const onward = connect(reader.api.port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          socket.pipe(onward).pipe(socket);
        });
        onward.on("error", () => socket.destroy());
      });
    });
    const cluster = { "proxy-url": `http://127.0.0.1:${proxy.port}` };
    const folder = scratch();
    const words = ["--kubeconfig", kubeconfig(reader.api, { cluster }), "default/counter"];
    const ran = await run(["checkpoint", ...words, "--fetch", folder, "-q"]);
    expect(ran).toEqual({ code: 0, out: `${join(folder, name)}\n`, err: "" });
    expect(new Set(asked)).toEqual(new Set([`CONNECT 127.0.0.1:${reader.api.port} HTTP/1.1`]));
    expect(reader.ran.length).toBe(3);
  });

  it("--remove-remote removes what was compared, and nothing else", async () => {
    const { code, out, reader } = await fetching({}, ["--remove-remote"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).items[0].fetched[0]).toMatchObject({ removed: true });
    expect(reader.ran.at(-1)).toEqual(["rm", `/checkpoints/${name}`]);
    expect(reader.pod().spec["containers"]).toMatchObject([
      { volumeMounts: [{ readOnly: false }] },
    ]);
  });

  it("an archive that cannot be removed is here all the same", async () => {
    const rm = (socket: Parameters<typeof endWell>[0]): void =>
      endBadly(socket, "rm: can't remove: Read-only file system\n");
    const fetch = await fetching({ programs: { rm } }, ["--remove-remote"]);
    expect(fetch.code).toBe(5);
    expect(readdirSync(fetch.folder)).toEqual([name]);
    expect(fetch.error).toMatchObject({
      code: "not-removed",
      next: `remove it there: rm ${remotePath}`,
    });
    expect(JSON.parse(fetch.out).items[0].fetched[0]).toMatchObject({
      removed: false,
      error: null,
    });
  });

  it("waits for a pod that comes up, and starts in another namespace when told", async () => {
    let looks = 0;
    const more = ["POST", "GET", "DELETE"].map(
      (method) =>
        [
          `${method} /api/v1/namespaces/kube-system/pods`,
          () => {
            if (method !== "GET") return json({ kind: "Pod" }, 201);
            looks += 1;
            return (
              [podIn({ phase: "Pending" }), waiting("ContainerCreating")][looks - 1] ?? running
            );
          },
        ] as const,
    );
    const fetch = await fetching({ more }, ["--namespace-for-fetch", "kube-system"]);
    expect(fetch.code).toBe(0);
    expect(looks).toBe(3);
    expect(fetch.reader.calls()).toEqual([]);
  });
});
