import { describe, expect, it } from "vitest";
import { madeOf, type OciSpec, ownNetwork } from "./made.ts";
import { bind, mounting } from "./mounting.ts";

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
