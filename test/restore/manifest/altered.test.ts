import { describe, expect, it } from "vitest";
import { Alteration } from "../../support/alteration.ts";
import { crioCounter } from "../../support/samples.ts";
import { made, madeOf, type OciSpec, ownNetwork } from "./made.ts";

/** POD stands for the pod's id. */
const volumes = "/var/lib/kubelet/pods/POD/volumes";

function bind(source: string, destination: string, ...options: string[]): Record<string, unknown> {
  return { destination, source, type: "bind", options: ["rbind", "rprivate", ...options] };
}

function mounting(...mounts: Record<string, unknown>[]): (spec: OciSpec) => void {
  return (spec) => {
    for (const mount of mounts)
      spec.mounts.push({ ...mount, source: ofPod(spec, mount["source"]) });
  };
}

/** Adds a mount to the kernel's: like one that is there, elsewhere. */
function mountedAs(
  alteration: Alteration,
  like: string,
  at: string,
  root: string,
): Promise<Alteration> {
  return alteration.image("mountpoints-12.img", "mnt_entry", (entries) => {
    const model = entries.find(({ mountpoint }) => mountpoint.endsWith(like));
    if (model === undefined) throw new Error(`no mount at ${like}`);
    const mountpoint = model.mountpoint.replace(like, at);
    return [...entries, { ...model, mnt_id: 9999, mountpoint, root }];
  });
}

function ofPod({ annotations }: OciSpec, path: unknown): string {
  const keys = ["io.kubernetes.pod.uid", "io.kubernetes.cri.sandbox-uid"];
  const uid = keys.map((key) => annotations[key]).find((it) => it !== undefined) ?? "none";
  return String(path).replace("POD", uid);
}

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

describe("security", () => {
  const field = "spec.containers[0].securityContext";

  it("of privileged containers is that, and nothing beside it", async () => {
    const { container, decided } = await madeOf("containerd", (spec) => {
      spec.linux.resources["devices"] = [{ allow: true, access: "rwm" }];
      spec.linux.maskedPaths = [];
      delete spec.linux.seccomp;
      spec.process.capabilities["bounding"] = ["CAP_SYS_ADMIN", "CAP_CHOWN"];
      mounting({ ...bind("/srv", "/srv"), options: ["rbind", "rshared"] })(spec);
    });
    expect(container.securityContext).toEqual({ privileged: true });
    expect(container.volumeMounts?.[0]?.mountPropagation).toBe("Bidirectional");
    expect(decided(`${field}.privileged`)).toHaveLength(1);
  });

  it.each([
    ["containerd", ["CAP_CHOWN", "CAP_NET_ADMIN"], { add: ["NET_ADMIN"] }],
    ["cri-o", ["CAP_CHOWN", "CAP_NET_ADMIN"], { add: ["NET_ADMIN"] }],
  ] as const)("compares capabilities with what %s gives", async (engine, bounding, changes) => {
    const { container } = await madeOf(engine, (spec) => {
      spec.process.capabilities["bounding"] = [...bounding];
    });
    const { add, drop } = container.securityContext?.capabilities ?? {};
    expect(add).toEqual(changes.add);
    expect(drop).not.toContain("CHOWN");
    expect(drop).toContain("KILL");
    expect(drop?.includes("MKNOD")).toBe(engine === "containerd");
  });

  it("gives no capabilities where there were none", async () => {
    const { container } = await madeOf("cri-o", (spec) => {
      spec.process.capabilities = { bounding: [] };
    });
    expect(container.securityContext?.capabilities).toEqual({ drop: ["ALL"] });
  });

  it("has the user, and what was forbidden", async () => {
    const { container } = await madeOf("cri-o", (spec) => {
      Object.assign(spec.process.user, { uid: 1000, gid: 2000 });
      spec.process["noNewPrivileges"] = true;
      spec.root["readonly"] = true;
    });
    expect(container.securityContext).toMatchObject({
      runAsUser: 1000,
      runAsGroup: 2000,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    });
  });

  it("leaves out what privileges forbid", async () => {
    const { container } = await madeOf("cri-o", (spec) => {
      spec.process["noNewPrivileges"] = true;
      spec.process.capabilities["bounding"] = ["CAP_SYS_ADMIN"];
    });
    expect(container.securityContext).not.toHaveProperty("allowPrivilegeEscalation");
  });

  it.each([
    ["localhost//var/lib/kubelet/seccomp/profiles/a.json", "Localhost", "profiles/a.json"],
    ["localhost/profiles/b.json", "Localhost", "profiles/b.json"],
    ["runtime/default", "RuntimeDefault", undefined],
    ["RuntimeDefault", "RuntimeDefault", undefined],
    ["unconfined", "Unconfined", undefined],
  ])("reads CRI-O's seccomp profile %s", async (told, type, localhostProfile) => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      spec.annotations["io.kubernetes.cri-o.SeccompProfilePath"] = told;
    });
    const profile = container.securityContext?.seccompProfile;
    expect(profile).toEqual({
      type,
      ...(localhostProfile === undefined ? {} : { localhostProfile }),
    });
    expect(decided(`${field}.seccompProfile`)).toHaveLength(type === "Localhost" ? 1 : 0);
  });

  it("tells containerd's default profile from others, and from none", async () => {
    const none = await madeOf("containerd", (spec) => {
      delete spec.linux.seccomp;
    });
    expect(none.container.securityContext?.seccompProfile).toEqual({ type: "Unconfined" });
    const own = await madeOf("containerd", (spec) => {
      const names = ["mount"];
      const syscalls = [{ names, action: "SCMP_ACT_ERRNO" }];
      spec.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls };
    });
    expect(own.container.securityContext?.seccompProfile?.type).toBe("Localhost");
    expect(own.decided(`${field}.seccompProfile`)[0]).toMatch(/write it there/);
    const strict = await madeOf("containerd", (spec) => {
      const syscalls = [{ names: ["read", "write"], action: "SCMP_ACT_ALLOW" }];
      spec.linux.seccomp = { defaultAction: "SCMP_ACT_ERRNO", syscalls };
    });
    expect(strict.container.securityContext?.seccompProfile?.type).toBe("Localhost");
    const usual = await madeOf("containerd", (spec) => {
      const names = Array.from({ length: 300 }, (_, at) => `call${at}`);
      const syscalls = [{ names, action: "SCMP_ACT_ALLOW" }];
      spec.linux.seccomp = { defaultAction: "SCMP_ACT_ERRNO", syscalls };
    });
    expect(usual.container.securityContext?.seccompProfile?.type).toBe("RuntimeDefault");
  });

  it("has labels and profiles of security modules", async () => {
    const { container, decided } = await madeOf("cri-o", (spec) => {
      spec.process["selinuxLabel"] = "system_u:system_r:container_t:s0:c1,c2";
      spec.process["apparmorProfile"] = "my-profile";
    });
    expect(container.securityContext).toMatchObject({
      seLinuxOptions: {
        user: "system_u",
        role: "system_r",
        type: "container_t",
        level: "s0:c1,c2",
      },
      appArmorProfile: { type: "Localhost", localhostProfile: "my-profile" },
    });
    expect(decided(`${field}.appArmorProfile`)).toHaveLength(1);
    const usual = await madeOf("containerd", (spec) => {
      spec.process["apparmorProfile"] = "cri-containerd.apparmor.d";
    });
    expect(usual.container.securityContext?.appArmorProfile).toEqual({ type: "RuntimeDefault" });
  });

  it("unmasks /proc only in a user namespace", async () => {
    const unmasked = (spec: OciSpec): void => {
      spec.linux.maskedPaths = [];
      // The samples share the node's network, which no user namespace may.
      spec.linux.namespaces.push({ type: "network", path: "/run/netns/a" });
    };
    const without = await madeOf("cri-o", unmasked);
    expect(without.container.securityContext?.procMount).toBeUndefined();
    expect(without.decided(field)[0]).toMatch(/hostUsers: false/);
    const user = (spec: OciSpec): void => {
      unmasked(spec);
      spec.linux.namespaces.push({ type: "user" });
    };
    const inside = await madeOf("cri-o", user, {}, ownNetwork);
    expect(inside.container.securityContext?.procMount).toBe("Unmasked");
    expect(inside.pod.spec.hostUsers).toBe(false);
  });
});

describe("namespaces", () => {
  it("of the node are asked for", async () => {
    const { pod, decided } = await madeOf("cri-o", (spec) => {
      const own = ({ type }: { type: string }): boolean => ["mount", "uts"].includes(type);
      spec.linux.namespaces = spec.linux.namespaces.filter(own);
    });
    expect(pod.spec).toMatchObject({ hostNetwork: true, hostIPC: true, hostPID: true });
    expect(decided("spec.hostPID")).toHaveLength(1);
  });

  it("of the pod are not the node's", async () => {
    const joined = (spec: OciSpec): void => {
      spec.linux.namespaces.push({ type: "network", path: "/run/netns/a" });
      for (const one of spec.linux.namespaces) if (one.type === "pid") one.path = "/run/pidns/a";
    };
    const { pod } = await madeOf("cri-o", joined, {}, ownNetwork);
    expect(pod.spec.shareProcessNamespace).toBe(true);
    expect(pod.spec).not.toHaveProperty("hostNetwork");
    expect(pod.spec).not.toHaveProperty("hostPID");
  });

  it("of containerd's are the node's by the images, or a question where those do not tell", async () => {
    const unaltered = (): void => {};
    const host = await madeOf("containerd", unaltered);
    expect(host.pod.spec.hostNetwork).toBe(true);
    expect(host.pod.spec.hostname).toBeUndefined();
    const own = await madeOf("containerd", unaltered, {}, ownNetwork);
    expect(own.pod.spec.hostNetwork).toBeUndefined();
    expect(own.pod.spec.hostname).toBe("vm");
    expect(own.decided("spec")).toEqual([]);
    const silent = await madeOf("containerd", unaltered, {}, async (alteration) =>
      alteration.drop("checkpoint/ids-1.img"),
    );
    expect(silent.pod.spec.hostNetwork).toBeUndefined();
    expect(silent.decided("spec")).toEqual([expect.stringMatching(/hostNetwork: .*was vm/)]);
  });

  it("of users go with none of the node's", async () => {
    const { pod, decided } = await madeOf("cri-o", (spec) => {
      spec.linux.namespaces.push({ type: "user" });
    });
    expect(pod.spec.hostNetwork).toBe(true);
    expect(pod.spec.hostUsers).toBeUndefined();
    expect(decided("spec").join()).toMatch(/hostUsers/);
  });

  it("keep their host name and settings", async () => {
    const named = (spec: OciSpec): void => {
      spec.linux.namespaces.push({ type: "network", path: "/run/netns/a" });
      spec["hostname"] = "counter-lab-node";
      spec.linux["sysctl"] = { "net.ipv4.tcp_fin_timeout": "9", "net.core.somaxconn": "99" };
    };
    const { pod, decided } = await madeOf("cri-o", named, {}, ownNetwork);
    expect(pod.spec.hostname).toBe("counter-lab-node");
    expect(pod.spec.securityContext?.sysctls).toHaveLength(2);
    expect(decided("spec.securityContext.sysctls")).toEqual([
      expect.stringMatching(/allow net\.core\.somaxconn /),
    ]);
    // Those of the node's network are the node's.
    const shared = await madeOf("cri-o", named);
    expect(shared.pod.spec.hostname).toBeUndefined();
    expect(shared.pod.spec.securityContext).toBeUndefined();
  });
});

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
