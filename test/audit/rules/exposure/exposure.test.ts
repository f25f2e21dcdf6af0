import { describe, expect, it } from "vitest";
import type { Finding } from "../../../../src/audit/finding.ts";
import { defaultPolicy, type Policy } from "../../../../src/audit/policy/policy.ts";
import { exposureRules } from "../../../../src/audit/rules/exposure.ts";
import { Alteration } from "../../../support/alteration.ts";
import { entry, image } from "../../../support/criu-encoder.ts";
import { findingsOf } from "../../../support/rules.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  samplePath,
} from "../../../support/samples.ts";

const podman = samplePath("podman/busybox-crun-none.tar");
/** Its processes. */
const pids = [1, 4];
const crioMounts = samplePath(
  "crio/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:20:15Z.tar",
);

/** What one rule of the group finds: severity and what the finding is about. */
async function found(rule: string, path: string, policy?: Policy): Promise<string[]> {
  const findings = await all(rule, path, policy);
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}

async function all(rule: string, path: string, policy = defaultPolicy): Promise<Finding[]> {
  const rules = exposureRules.filter(({ id }) => id === `exposure/${rule}`);
  expect(rules).toHaveLength(1);
  return findingsOf(path, { rules, policy, open: { permissions: "any" } });
}

const expecting = (expect: Partial<Policy["expect"]>): Policy => ({
  ...defaultPolicy,
  expect: { ...defaultPolicy.expect, ...expect },
});

type Spec = {
  process: { capabilities: Record<string, string[]>; noNewPrivileges?: boolean };
  linux: Record<string, unknown> & { namespaces: { type: string }[] };
  mounts: { destination: string; source: string; options: string[]; type: string }[];
};

async function withSpec(sample: string, change: (spec: Spec) => void): Promise<Alteration> {
  const altered = await Alteration.of(sample);
  return altered.json("spec.dump", (document) => change(document as unknown as Spec));
}

/** A bit of a capability in its set of two words. */
const bit = (number: number): number[] =>
  number < 32 ? [2 ** number, 0] : [0, 2 ** (number - 32)];

describe("exposure/privileged", () => {
  const everything = Array.from({ length: 41 }, (_, at) => `CAP_${at}`).concat("CAP_SYS_ADMIN");

  it("is told by all capabilities, all devices and no filter together", async () => {
    const altered = await withSpec(podman, ({ process, linux }) => {
      process.capabilities["bounding"] = everything;
      delete linux["seccomp"];
      linux["resources"] = { devices: [{ allow: true, access: "rwm" }] };
    });
    expect(await found("privileged", altered.write())).toEqual([
      "high: the container is privileged: 42 capabilities; no seccomp filter; all devices of the node",
    ]);
  });

  it("is told by Podman's own word", async () => {
    const altered = (await Alteration.of(podman)).json("config.dump", (config) => {
      config["privileged"] = true;
    });
    expect(await found("privileged", altered.write())).toHaveLength(1);
  });

  it("is not all capabilities alone", async () => {
    const altered = await withSpec(podman, ({ process }) => {
      process.capabilities["bounding"] = everything;
    });
    expect(await found("privileged", altered.write())).toEqual([]);
    expect(await found("privileged", privateCopy(podman))).toEqual([]);
  });
});

describe("exposure/capabilities", () => {
  it("tells each capability beyond the policy's, by what it is good for", async () => {
    const altered = await Alteration.of(podman);
    await altered.image("core-1.img", "core_entry", ([core]) => {
      const creds = core?.thread_core?.creds;
      if (creds === undefined) throw new Error("no creds");
      const add = (words: number[], number: number): number[] =>
        words.map((word, at) => (word | (bit(number)[at] ?? 0)) >>> 0);
      creds.cap_eff = add(creds.cap_eff, 21);
      creds.cap_prm = add(creds.cap_prm, 12);
      return undefined;
    });
    altered.json("spec.dump", (document) => {
      (document as unknown as Spec).process.capabilities["bounding"]?.push("CAP_LEASE");
    });
    const path = altered.write();
    expect(await found("capabilities", path)).toEqual([
      "high: counter (pid 1) has CAP_SYS_ADMIN",
      "medium: counter (pid 1) has CAP_NET_ADMIN",
      "low: CAP_LEASE is in the bounding set: no process has it now, and a set-user-ID program can take it",
    ]);
    const capabilities = [...defaultPolicy.expect.capabilities, "CAP_NET_ADMIN", "CAP_LEASE"];
    expect(await found("capabilities", path, expecting({ capabilities }))).toEqual([
      "high: counter (pid 1) has CAP_SYS_ADMIN",
    ]);
  });

  it("tells all of them once", async () => {
    const findings = await all("capabilities", samplePath("criu/processes.tar.gz"));
    expect(findings.map(({ severity, facts }) => [severity, facts["processes"]])).toEqual([
      ["high", 18],
    ]);
  });

  it.each([podman, crioCounter, containerdCounter])("is content with %s", async (sample) => {
    expect(await found("capabilities", privateCopy(sample))).toEqual([]);
  });
});

describe("exposure/host-namespaces", () => {
  const names = async (path: string): Promise<string[]> =>
    (await all("host-namespaces", path)).map(
      ({ severity, facts }) => `${severity} ${facts["namespace"]}`,
    );

  it("compares with the namespaces of CRIU", async () => {
    expect(await names(samplePath("criu/chain-3.tar.gz"))).toEqual([
      "high ipc",
      "high pid",
      "medium net",
      "info cgroup",
      "info user",
      "info uts",
    ]);
    expect(await names(privateCopy(crioCounter))).toEqual([
      "medium net",
      "info cgroup",
      "info user",
    ]);
    expect(await names(privateCopy(podman))).toEqual(["info cgroup", "info user"]);
  });

  it("asks the specification where the images do not say", async () => {
    const altered = await withSpec(podman, ({ linux }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== "ipc");
    });
    await altered.image("inventory.img", "inventory_entry", ([inventory]) => {
      if (inventory !== undefined) delete inventory.root_ids;
      return undefined;
    });
    expect(await names(altered.write())).toContain("high ipc");
  });
});

describe("exposure/root-user", () => {
  it("counts the processes of root", async () => {
    expect(await found("root-user", privateCopy(podman))).toEqual([
      "medium: counter (pid 1) and 1 more run as root, and no user namespace makes another of it",
    ]);
  });

  it("looks at effective ids, and knows who root is outside", async () => {
    const altered = await Alteration.of(podman);
    for (const pid of pids) {
      await altered.image(`core-${pid}.img`, "core_entry", ([core]) => {
        if (core?.thread_core?.creds !== undefined) core.thread_core.creds.euid = 1000;
        return undefined;
      });
    }
    expect(await found("root-user", altered.write())).toEqual([]);
    const withMap = async (name: string): Promise<Alteration> =>
      (await Alteration.of(podman)).addImage(
        name,
        image(
          "USERNS",
          entry("userns_entry", {
            uid_map: [{ first: 0, lower_first: 100000, count: 65536 }],
            gid_map: [],
          }),
        ),
      );
    const mapped = await withMap("userns-7.img");
    const elsewhere = await withMap("userns-99.img");
    expect((await found("root-user", elsewhere.write()))[0]).toMatch(/^medium: /);
    expect(await found("root-user", mapped.write())).toEqual([
      "info: counter (pid 1) and 1 more run as root in a user namespace: uid 100000 on the node",
    ]);
  });
});

describe("exposure/no-seccomp", () => {
  it("reads the mode of the process, not of the specification", async () => {
    expect(await found("no-seccomp", privateCopy(crioCounter))).toEqual([
      "medium: counter (pid 1) and 1 more run without a seccomp filter",
    ]);
    expect(await found("no-seccomp", privateCopy(podman))).toEqual([]);
    const altered = await Alteration.of(podman);
    await altered.image("core-1.img", "core_entry", ([core]) => {
      if (core?.thread_core !== undefined) delete core.thread_core.seccomp_mode;
      return undefined;
    });
    expect(await found("no-seccomp", altered.write())).toEqual([
      "high: counter (pid 1) runs without the seccomp filter that spec.dump gives the container, as what was started from outside",
    ]);
  });
});

describe("exposure/no-seccomp of a process without a core", () => {
  it("is not known", async () => {
    const altered = (await Alteration.of(podman)).drop("checkpoint/core-1.img");
    expect(await found("no-seccomp", altered.write())).toEqual([]);
  });
});

describe("exposure/no-lsm", () => {
  const confined = async (lsmtype: number, profile: string | undefined): Promise<string[]> => {
    const altered = await Alteration.of(podman);
    await altered.image("inventory.img", "inventory_entry", ([inventory]) => {
      if (inventory !== undefined) inventory.lsmtype = lsmtype;
      return undefined;
    });
    await altered.image("core-1.img", "core_entry", ([core]) => {
      const creds = core?.thread_core?.creds;
      if (creds !== undefined && profile !== undefined) creds.lsm_profile = profile;
      return undefined;
    });
    return found("no-lsm", altered.write());
  };

  it("tells of a node without either, and of processes that are free", async () => {
    expect(await found("no-lsm", privateCopy(podman))).toEqual([
      "low: the node had neither SELinux nor AppArmor on",
    ]);
    expect(await confined(2, "unconfined")).toEqual([
      "medium: counter (pid 1) and 1 more are not confined by AppArmor: unconfined",
    ]);
    expect(await confined(1, "system_u:system_r:spc_t:s0")).toEqual([
      "medium: counter (pid 1) and 1 more are not confined by SELinux: system_u:system_r:spc_t:s0",
    ]);
  });

  it("is content with a profile", async () => {
    // The other process has none.
    expect(await confined(2, "crio-default")).toEqual([
      "medium: sleep (pid 4) is not confined by AppArmor: none",
    ]);
  });
});

describe("exposure/new-privileges", () => {
  it("asks the process, and the specification where CRIU wrote nothing", async () => {
    expect(await found("new-privileges", privateCopy(podman))).toEqual([
      "info: counter (pid 1) and 1 more can gain privileges by running a set-user-ID program",
    ]);
    const altered = await withSpec(podman, ({ process }) => {
      process.noNewPrivileges = true;
    });
    expect(await found("new-privileges", altered.write())).toEqual([]);
  });
});

describe("exposure/writable-host-path", () => {
  const mounted = async (source: string, uid?: string): Promise<string> => {
    const altered = await withSpec(crioMounts, ({ mounts }) => {
      const host = mounts.find(({ destination }) => destination === "/host");
      if (host === undefined) throw new Error("no /host");
      host.source = source;
      host.options = ["rbind", "rw"];
    });
    if (uid !== undefined) {
      altered.json("spec.dump", ({ annotations }) => {
        (annotations as Record<string, string>)["io.kubernetes.pod.uid"] = uid;
      });
    }
    await altered.image("mountpoints-12.img", "mnt_entry", (mounts) => {
      const host = mounts.find(({ mountpoint }) => mountpoint === "/host");
      if (host !== undefined) host.flags &= ~1;
      return undefined;
    });
    return altered.write();
  };

  it("is graver where the node is run from", async () => {
    expect(await found("writable-host-path", await mounted("/tmp/lab-hostpath"))).toEqual([
      "medium: /tmp/lab-hostpath, a path of the node, is writable at /host",
    ]);
    expect(await found("writable-host-path", await mounted("/etc/cron.d/"))).toEqual([
      "high: /etc/cron.d, a path of the node, is writable at /host",
    ]);
    expect(await found("writable-host-path", await mounted("/"))).toEqual([
      "high: /, a path of the node, is writable at /host",
    ]);
  });

  it("knows another pod's folder", async () => {
    const other = "/var/lib/kubelet/pods/00000000-0000-4000-8000-000000000000/volumes/x/y";
    expect(await found("writable-host-path", await mounted(other))).toEqual([
      `high: ${other}, another pod's folder, is writable at /host`,
    ]);
  });

  it("believes the mount, not what was asked for", async () => {
    const altered = await withSpec(crioMounts, ({ mounts }) => {
      for (const mount of mounts) if (mount.destination === "/host") mount.options = ["rbind"];
    });
    expect(await found("writable-host-path", altered.write())).toEqual([]);
  });

  it("says nothing of volumes, read-only paths, and what the policy expects", async () => {
    expect(await found("writable-host-path", privateCopy(crioMounts))).toEqual([]);
    const policy = expecting({ writableHostPaths: ["/tmp/lab-*"] });
    expect(await found("writable-host-path", await mounted("/tmp/lab-hostpath"), policy)).toEqual(
      [],
    );
  });
});

describe("exposure/runtime-socket", () => {
  it("is told whether it is mounted or spoken to", async () => {
    const altered = await withSpec(podman, ({ mounts }) => {
      mounts.push({
        destination: "/var/run/docker.sock",
        source: "/run/docker.sock",
        type: "bind",
        options: ["rbind", "ro"],
      });
    });
    expect(await found("runtime-socket", altered.write())).toEqual([
      "high: the socket of Docker, /run/docker.sock, is mounted at /var/run/docker.sock",
    ]);
    const spoken = await Alteration.of(samplePath("criu/sockets.tar.gz"));
    await spoken.image("files.img", "file_entry", (files) => {
      for (const { usk } of files) {
        if (usk === undefined || !Buffer.from(usk.name).includes("listen.sock")) continue;
        usk.name = Buffer.from("/run/crio/crio.sock\0");
      }
      return undefined;
    });
    expect(await found("runtime-socket", spoken.write())).toEqual([
      "high: a process speaks to the socket of CRI-O, /run/crio/crio.sock",
    ]);
  });

  it("is not any socket", async () => {
    expect(await found("runtime-socket", samplePath("criu/sockets.tar.gz"))).toEqual([]);
    expect(await found("runtime-socket", privateCopy(crioMounts))).toEqual([]);
  });
});

describe("exposure/devices", () => {
  it("tells what was given and what is open", async () => {
    const altered = await withSpec(podman, ({ linux }) => {
      linux["devices"] = [
        { path: "/dev/sda", type: "b", major: 8, minor: 0 },
        { path: "/dev/fuse", type: "c", major: 10, minor: 229 },
        { path: "/dev/null", type: "c", major: 1, minor: 3 },
      ];
    });
    expect(await found("devices", altered.write())).toEqual([
      "high: the container was given /dev/sda, a block device",
      "medium: the container was given /dev/fuse",
    ]);
    altered.json("spec.dump", ({ linux }) => {
      (linux as Record<string, unknown>)["resources"] = {
        devices: [{ allow: true, access: "rwm" }],
      };
    });
    expect(await found("devices", altered.write())).toEqual([
      "high: the container may open every device of the node, disks and memory among them",
    ]);
    expect(await found("devices", samplePath("criu/sockets.tar.gz"))).toEqual([
      "medium: /dev/net/tun, a device, is open",
    ]);
  });

  it("does not tell of null, terminals and their like", async () => {
    expect(await found("devices", samplePath("criu/processes.tar.gz"))).toEqual([]);
    expect(await found("devices", privateCopy(crioMounts))).toEqual([]);
  });
});

describe("exposure/kernel-interfaces", () => {
  it("tells of unmasked paths and writable mounts of the kernel's", async () => {
    const altered = await withSpec(crioCounter, ({ linux }) => {
      linux["maskedPaths"] = [];
    });
    await altered.image("mountpoints-12.img", "mnt_entry", (mounts) => {
      const sys = mounts.find(({ mountpoint }) => mountpoint === "/sys");
      if (sys !== undefined) sys.flags &= ~1;
      return undefined;
    });
    expect(await found("kernel-interfaces", altered.write())).toEqual([
      "medium: /sys (sysfs) is mounted writable",
      "medium: no path of /proc and /sys is masked",
    ]);
  });

  it.each([podman, crioMounts, containerdCounter])("is content with %s", async (sample) => {
    expect(await found("kernel-interfaces", privateCopy(sample))).toEqual([]);
  });
});

describe("exposure/unexpected-origin", () => {
  it("tells what the policy does not expect", async () => {
    const policy = expecting({
      images: ["registry.example/**"],
      namespaces: ["prod-*"],
      runtimes: ["containerd"],
    });
    expect(await found("unexpected-origin", privateCopy(crioCounter), policy)).toEqual([
      "high: the engine cri-o is none that the policy expects",
      "high: the image 127.0.0.1:5000/lab/busybox:1 is none that the policy expects",
      "high: the namespace default is none that the policy expects",
    ]);
    expect(await found("unexpected-origin", samplePath("criu/files.tar.gz"), policy)).toContain(
      "high: the archive does not say its image, and the policy expects certain ones",
    );
  });

  it("is content with what it expects, and without any", async () => {
    const policy = expecting({
      images: ["127.0.0.1:5000/lab/*"],
      namespaces: ["default"],
      runtimes: ["cri-o"],
    });
    expect(await found("unexpected-origin", privateCopy(crioCounter), policy)).toEqual([]);
    expect(await found("unexpected-origin", privateCopy(crioCounter))).toEqual([]);
  });
});
