import { describe, expect, it } from "vitest";
import type { Finding } from "../../../../src/audit/finding.ts";
import { restoreRules } from "../../../../src/audit/rules/restore.ts";
import type { Messages } from "../../../../src/criu/schema/types.ts";
import { Alteration } from "../../../support/alteration.ts";
import { entry, image } from "../../../support/criu-encoder.ts";
import { findingsOf } from "../../../support/rules.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  rich,
  samplePath,
} from "../../../support/samples.ts";
import { tar } from "../../../support/tar-builder.ts";

const podman = samplePath("podman/busybox-crun-none.tar");
const volume = samplePath("podman/busybox-volume.tar.gz");
const sockets = samplePath("criu/sockets.tar.gz");
const files = samplePath("criu/files.tar.gz");
const crioMounts = samplePath(
  "crio/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:20:15Z.tar",
);

async function all(rule: string, path: string): Promise<Finding[]> {
  const rules = restoreRules.filter(({ id }) => id === `restore/${rule}`);
  expect(rules).toHaveLength(1);
  return findingsOf(path, { rules, open: { permissions: "any" } });
}

/** What one rule of the group finds. */
async function found(rule: string, path: string): Promise<string[]> {
  return (await all(rule, path)).map(({ severity, message }) => `${severity}: ${message}`);
}

async function withFiles(
  sample: string,
  change: (files: Messages["file_entry"][]) => void,
): Promise<Alteration> {
  const altered = await Alteration.of(sample);
  return altered.image("files.img", "file_entry", (entries) => {
    change(entries);
    return undefined;
  });
}

/** The sample with another name, mount or flags for one of its regular files. */
async function withFile(
  sample: string,
  id: number,
  change: Partial<Messages["reg_file_entry"]>,
): Promise<Alteration> {
  return withFiles(sample, (entries) => {
    const reg = entries.find((it) => it.reg !== undefined && it.id === id)?.reg;
    if (reg === undefined) throw new Error(`no regular file ${id}`);
    Object.assign(reg, change);
  });
}

describe("restore/missing-pages", () => {
  it("counts what lies in a parent dump", async () => {
    expect(await found("missing-pages", samplePath("criu/chain-3.tar.gz"))).toEqual([
      "high: 264.0 KiB of memory are in a parent dump",
    ]);
  });

  it("counts what was left for lazy restore, and not what was dumped all the same", async () => {
    const lazy = async (flags: number): Promise<string[]> => {
      const altered = await Alteration.of(podman);
      await altered.pageTable("pagemap-1.img", (run) => {
        run.flags = flags;
      });
      return found("missing-pages", altered.write());
    };
    expect((await lazy(2))[0]).toMatch(/^high: .* of memory are left behind for lazy restore$/);
    expect(await lazy(2 + 4)).toEqual([]);
  });

  it("is content with whole dumps", async () => {
    expect(await found("missing-pages", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/memfd-program", () => {
  it("names CRIU's words", async () => {
    const altered = await Alteration.of(rich);
    await altered.image("mm-4.img", "mm_entry", ([mm]) => {
      if (mm !== undefined) mm.exe_file_id = 6;
      return undefined;
    });
    expect(await found("memfd-program", altered.write())).toEqual([
      "high: rich-group (pid 4) runs from the memfd rich-program: CRIU says `No entry for reg-file-ID`",
    ]);
  });

  it("does not mind memfds that are mapped", async () => {
    expect(await found("memfd-program", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/shared-memory-file", () => {
  it("finds files that no archive holds", async () => {
    const without = (await Alteration.of(rich)).drop("devshm-checkpoint.tar");
    expect(await found("shared-memory-file", without.write())).toEqual([
      "high: /dev/shm/rich-shm is in use and the archive holds nothing of /dev/shm: CRIU says `Can't open file dev/shm/rich-shm on restore`",
    ]);
    const other = (await Alteration.of(rich)).replace(
      "devshm-checkpoint.tar",
      tar([{ name: "other", body: "x" }]),
    );
    expect(await found("shared-memory-file", other.write())).toEqual([
      "high: /dev/shm/rich-shm is in use and not in devshm-checkpoint.tar: CRIU says `Can't open file dev/shm/rich-shm on restore`",
    ]);
    // The mount of /dev/shm, and a script that is open.
    const open = await withFile(crioMounts, 5, { name: "/dev/shm/queue", mnt_id: 480 });
    expect(await found("shared-memory-file", open.write())).toHaveLength(1);
  });

  it("is content where Podman saved them", async () => {
    expect(await found("shared-memory-file", privateCopy(rich))).toEqual([]);
    expect(await found("shared-memory-file", privateCopy(crioMounts))).toEqual([]);
  });
});

describe("restore/file-size", () => {
  const posix = 30;

  it("compares what was saved with what CRIU expects", async () => {
    const altered = await withFile(rich, posix, { size: 7n });
    expect(await found("file-size", altered.write())).toEqual([
      "high: /tmp/posix.lock has 0 bytes in rootfs-diff.tar and had 7: CRIU says `has bad size`",
    ]);
  });

  it("does not compare files that are only appended to", async () => {
    expect(await found("file-size", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/lost-change", () => {
  it("finds files of the image that are open for writing", async () => {
    // The script that the shell reads; O_RDWR.
    const altered = await withFile(crioCounter, 5, { flags: 2 });
    expect(await found("lost-change", altered.write())).toEqual([
      "medium: /bin/counter is open for writing and not in rootfs-diff.tar: if it was changed, the change is lost",
    ]);
  });

  it("trusts containerd, and what is only read or was saved", async () => {
    const altered = await withFile(containerdCounter, 5, { flags: 2 });
    expect(await found("lost-change", altered.write())).toEqual([]);
    expect(await found("lost-change", privateCopy(crioCounter))).toEqual([]);
    expect(await found("lost-change", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/volume-file", () => {
  it("finds files in use on volumes that no archive holds", async () => {
    const altered = await withFile(crioMounts, 5, { name: "/cache/db", mnt_id: 484 });
    expect(await found("volume-file", altered.write())).toEqual([
      "medium: /cache/db, in use, is on the volume at /cache, which the archive does not hold",
    ]);
  });

  it("knows the volumes that Podman saves", async () => {
    const saved = await withFile(volume, 5, { name: "/data/v", mnt_id: 141 });
    expect(await found("volume-file", saved.write())).toEqual([]);
    expect(await found("volume-file", saved.drop("volumes/lab-vol.tar").write())).toHaveLength(1);
    expect(await found("volume-file", privateCopy(crioMounts))).toEqual([]);
  });
});

describe("restore/mounts-needed", () => {
  it("lists what whoever restores has to declare", async () => {
    expect(await found("mounts-needed", privateCopy(crioMounts))).toEqual([
      "info: the container that is restored needs mounts at /cache, /memory, /host, /podinfo",
    ]);
    expect(await found("mounts-needed", privateCopy(volume))).toEqual([
      "info: the container that is restored needs mounts at /data, /mnt/host",
    ]);
  });

  it("leaves out what every container has", async () => {
    expect(await found("mounts-needed", privateCopy(crioCounter))).toEqual([]);
  });
});

describe("restore/tcp-connections", () => {
  it("names the option, and its file", async () => {
    const [finding] = await all("tcp-connections", privateCopy(rich));
    expect(finding?.message).toBe(
      "4 ends of TCP connections inside the container, such as 127.0.0.1:18080 to 127.0.0.1:28080: CRIU says `Connected TCP socket in image` unless it is told what to do with them",
    );
    expect(finding?.remedy).toBe(
      "To keep them, put the line `tcp-established` into /etc/criu/crun.conf on the node that restores; to drop them, `tcp-close` instead.",
    );
    const [bare] = await all("tcp-connections", sockets);
    expect(bare?.remedy).toContain("give CRIU `--tcp-established`");
  });

  it("tells peers outside apart", async () => {
    const altered = await withFiles(rich, (entries) => {
      for (const { isk } of entries) {
        if (isk?.dst_port === 28081) isk.dst_port = 443;
      }
    });
    expect(await found("tcp-connections", altered.write())).toEqual([
      expect.stringMatching(/^medium: 2 ends of TCP connections inside the container/),
      expect.stringMatching(/^medium: 2 ends of TCP connections with peers outside the container/),
    ]);
  });

  it("knows dumps that closed them", async () => {
    const altered = await Alteration.of(podman);
    await altered.image("inventory.img", "inventory_entry", ([inventory]) => {
      if (inventory !== undefined) inventory.tcp_close = true;
      return undefined;
    });
    expect(await found("tcp-connections", altered.write())).toEqual([
      "medium: the dump was made with tcp-close, and CRIU restores it only so (`Need to set the --tcp-close options`)",
    ]);
    expect(await found("tcp-connections", privateCopy(podman))).toEqual([]);
  });
});

describe("restore/bound-address", () => {
  it("finds sockets at the pod's own address", async () => {
    const altered = await withFiles(rich, (entries) => {
      const listener = entries.find(({ isk }) => isk?.src_port === 18080)?.isk;
      // 10.88.0.5
      if (listener !== undefined) listener.src_addr = [0x0500580a];
    });
    expect(await found("bound-address", altered.write())).toEqual([
      "medium: rich-main (pid 1) has a tcp socket at 10.88.0.5: CRIU says `Can't bind inet socket` where the container has another address",
    ]);
  });

  it("is content with loopback and with all addresses", async () => {
    expect(await found("bound-address", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/unsupported-socket", () => {
  const speaking = async (proto: number, type: number): Promise<string[]> => {
    const altered = await withFiles(rich, (entries) => {
      const udp = entries.find(({ isk }) => isk?.src_port === 18082)?.isk;
      if (udp !== undefined) Object.assign(udp, { proto, type });
    });
    return found("unsupported-socket", altered.write());
  };

  it("finds MPTCP and ping", async () => {
    expect(await speaking(262, 1)).toEqual([
      "high: rich-main (pid 1) has a socket of mptcp at 0.0.0.0:18082: CRIU says `Unsupported proto`",
    ]);
    expect(await speaking(1, 2)).toEqual([
      "high: rich-main (pid 1) has a ping socket at 0.0.0.0:18082: CRIU says `Unsupported proto`",
    ]);
  });

  it("is content with raw sockets and UDP-Lite", async () => {
    expect(await found("unsupported-socket", sockets)).toEqual([]);
    expect(await found("unsupported-socket", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/external-socket", () => {
  const lonely = async (field: number): Promise<string[]> => {
    const altered = await withFiles(rich, (entries) => {
      const socket = entries.find(({ usk }) => usk?.id === field)?.usk;
      if (socket === undefined) throw new Error("no such socket");
      socket.peer = 7;
    });
    return found("external-socket", altered.write());
  };

  it("finds peers outside", async () => {
    expect(await lonely(43)).toEqual([
      "high: rich-child (pid 2) has a unix stream socket to somebody outside (a socket without a name): CRIU says `External socket is used`",
    ]);
    expect(await lonely(33)).toEqual([
      "medium: rich-main (pid 1) has a unix dgram socket to somebody outside (a socket without a name): CRIU says `External socket is used`",
    ]);
  });

  it("leaves out what the runtime gives anew", async () => {
    let inode = 0;
    const altered = await withFiles(rich, (entries) => {
      const socket = entries.find(({ usk }) => usk?.id === 43)?.usk;
      if (socket === undefined) throw new Error("no such socket");
      socket.peer = 7;
      inode = socket.ino;
    });
    const descriptors = JSON.stringify(["/dev/null", `socket:[${inode}]`, "/dev/null"]);
    altered.replace("checkpoint/descriptors.json", descriptors);
    expect(await found("external-socket", altered.write())).toEqual([]);
  });

  it("is content with pairs and listeners", async () => {
    expect(await found("external-socket", privateCopy(rich))).toEqual([]);
    expect(await found("external-socket", sockets)).toEqual([]);
  });
});

describe("restore/io-uring", () => {
  it("finds rings by their name", async () => {
    const altered = await withFile(rich, 39, { name: "anon_inode:[io_uring]" });
    expect(await found("io-uring", altered.write())).toEqual([
      "high: a process has an io_uring, which CRIU cannot restore",
    ]);
    expect(await found("io-uring", privateCopy(rich))).toEqual([]);
  });
});

describe("restore/file-watch", () => {
  it("finds watches without a path", async () => {
    const altered = await withFiles(files, (entries) => {
      for (const { ify } of entries) {
        for (const watch of ify?.wd ?? []) delete watch.f_handle.path;
      }
    });
    const lines = await found("file-watch", altered.write());
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^medium: an inotify file watches \d files? that CRIU knows by inode/);
  });

  it("is content where CRIU noted paths, and with marks of mounts", async () => {
    expect(await found("file-watch", files)).toEqual([]);
  });
});

describe("restore/file-locks", () => {
  it("counts them", async () => {
    expect(await found("file-locks", privateCopy(rich))).toEqual([
      "low: 2 file locks are held: without `file-locks` nobody has them after the restore",
    ]);
    expect(await found("file-locks", privateCopy(podman))).toEqual([]);
  });
});

describe("restore/large-ghost-file", () => {
  it("finds those above CRIU's limit, holes not counted", async () => {
    const ghost = (bytes: number): Promise<string[]> =>
      Alteration.of(rich).then((altered) =>
        found(
          "large-ghost-file",
          altered
            .replace(
              "checkpoint/ghost-file-1.img",
              image(
                "GHOST_FILE",
                entry("ghost_file_entry", { uid: 0, gid: 0, mode: 0o100644 }, Buffer.alloc(bytes)),
              ),
            )
            .write(),
        ),
      );
    expect(await ghost(3 * 1024 * 1024)).toEqual([
      "low: /tmp/ghost was deleted and holds 3.0 MiB, more than CRIU takes along without `ghost-limit`",
    ]);
    expect(await ghost(1024 * 1024)).toEqual([]);
    expect(await found("large-ghost-file", files)).toEqual([]);
  });
});

describe("restore/terminal", () => {
  it("finds terminals without a master", async () => {
    const altered = await Alteration.of(rich);
    await altered.image("tty-info.img", "tty_info_entry", (ttys) => {
      for (const { pty } of ttys) if (pty !== undefined) pty.index += 1;
      const slave = ttys.find(({ rdev }) => rdev !== 0x502);
      if (slave?.pty !== undefined) slave.pty.index = 7;
      return undefined;
    });
    expect(await found("terminal", altered.write())).toEqual([
      "medium: /dev/pts/0 has its master outside the container",
    ]);
  });

  it("mentions tty: true", async () => {
    const altered = (await Alteration.of(podman)).json("spec.dump", (spec) => {
      (spec["process"] as Record<string, unknown>)["terminal"] = true;
    });
    expect(await found("terminal", altered.write())).toHaveLength(1);
    expect(await found("terminal", privateCopy(podman))).toEqual([]);
  });

  it("is content with both ends", async () => {
    expect(await found("terminal", privateCopy(rich))).toEqual([]);
    expect(await found("terminal", samplePath("criu/processes.tar.gz"))).toEqual([]);
  });
});

describe("restore/gpu", () => {
  it("finds devices, plugins and images", async () => {
    const device = await withFile(rich, 39, { name: "/dev/nvidia0" });
    expect(await found("gpu", device.write())).toEqual([
      "medium: a process has /dev/nvidia0 open, which CRIU restores with its CUDA plugin alone",
    ]);
    const plugin = await Alteration.of(podman);
    await plugin.image("inventory.img", "inventory_entry", ([inventory]) => {
      if (inventory !== undefined) inventory.plugins_entry = { plugins: ["cuda_plugin"] };
      return undefined;
    });
    plugin.addImage("amdgpu-kfd-4.img", Buffer.from("x"));
    expect(await found("gpu", plugin.write())).toEqual([
      "medium: the dump holds memory of an AMD GPU, which CRIU restores with its AMDGPU plugin alone",
      "medium: the dump was made with CRIU's plugin cuda_plugin, and needs it again",
    ]);
    expect(await found("gpu", privateCopy(podman))).toEqual([]);
  });
});

describe("mounts", () => {
  const mounted = async (change: Partial<Messages["mnt_entry"]>): Promise<string> => {
    const altered = await Alteration.of(podman);
    await altered.image("mountpoints-13.img", "mnt_entry", (mounts) => {
      const mqueue = mounts.find(({ mountpoint }) => mountpoint === "/dev/mqueue");
      if (mqueue === undefined) throw new Error("no /dev/mqueue");
      Object.assign(mqueue, change);
      return undefined;
    });
    return altered.write();
  };

  it("of unknown file systems cannot be restored", async () => {
    const fuse = await mounted({ fstype: 0, fsname: "fuse.sshfs" });
    expect(await found("unsupported-filesystem", fuse)).toEqual([
      "high: /dev/mqueue is a fuse.sshfs file system of the container's own, which CRIU cannot restore",
    ]);
    expect(await found("unsupported-filesystem", privateCopy(podman))).toEqual([]);
    expect(await found("unsupported-filesystem", files)).toEqual([]);
  });

  it("may be slaves of the node's", async () => {
    expect(await found("outside-master", await mounted({ master_id: 11 }))).toEqual([
      "medium: /dev/mqueue is the slave of a mount outside the container",
    ]);
    expect(await found("outside-master", privateCopy(containerdCounter))).toEqual([]);
    // A slave whose master is in the dump.
    expect(await found("outside-master", files)).toEqual([]);
  });
});

describe("restore/shared-pid-namespace", () => {
  it("finds pids of the node, and of the pod", async () => {
    expect(await found("shared-pid-namespace", samplePath("criu/chain-3.tar.gz"))).toEqual([
      "medium: the processes have pids of the node: CRIU says `Can't fork` where one of them is taken",
    ]);
    const altered = (await Alteration.of(podman)).json("spec.dump", (spec) => {
      const { namespaces } = spec["linux"] as { namespaces: { type: string; path?: string }[] };
      for (const it of namespaces) if (it.type === "pid") it.path = "/proc/7/ns/pid";
    });
    expect(await found("shared-pid-namespace", altered.write())).toEqual([
      "medium: the container is in a pid namespace that it shares (/proc/7/ns/pid): CRIU says `Can't fork` where a pid is taken",
    ]);
    expect(await found("shared-pid-namespace", privateCopy(podman))).toEqual([]);
  });
});

describe("what the node needs", () => {
  it("is an image that can be pulled", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const altered = (await Alteration.of(containerdCounter)).json("config.dump", (config) => {
      config["rootfsImageRef"] = digest;
    });
    expect(await found("base-image", altered.write())).toEqual([
      `high: the image is known by ${digest} alone, which containerd cannot pull`,
    ]);
    // CRI-O finds images by their id.
    expect(await found("base-image", privateCopy(crioCounter))).toEqual([]);
    expect(await found("base-image", privateCopy(containerdCounter))).toEqual([]);
  });

  it("is the same OCI runtime", async () => {
    expect(await found("oci-runtime", privateCopy(rich))).toEqual([
      "info: the container has to be restored by crun",
    ]);
    expect(await found("oci-runtime", sockets)).toEqual([]);
  });

  it("is a CRIU that knows rseq", async () => {
    const version = async (text: string): Promise<string[]> =>
      found(
        "old-criu",
        (await Alteration.of(crioCounter))
          .replace("dump.log", `(00.000037) Version: ${text} (gitid 0)\n`)
          .write(),
      );
    expect(await version("3.16.1")).toEqual([
      "medium: CRIU 3.16 made the dump, which does not save restartable sequences: programs with glibc 2.35 or newer are `killed by signal 11`",
    ]);
    expect(await version("3.17")).toEqual([]);
    expect(await version("4.2.1")).toEqual([]);
    expect(await found("old-criu", privateCopy(crioCounter))).toEqual([]);
    expect(await found("old-criu", privateCopy(podman))).toEqual([]);
  });

  it("is the same security module", async () => {
    const altered = await Alteration.of(podman);
    await altered.image("inventory.img", "inventory_entry", ([inventory]) => {
      if (inventory !== undefined) inventory.lsmtype = 2;
      return undefined;
    });
    await altered.image("core-1.img", "core_entry", ([core]) => {
      const creds = core?.thread_core?.creds;
      if (creds !== undefined) creds.lsm_profile = "crio-default";
      return undefined;
    });
    expect(await found("security-label", altered.write())).toEqual([
      "info: the node that restores needs AppArmor with crio-default",
    ]);
    expect(await found("security-label", privateCopy(podman))).toEqual([]);
  });

  it("is what of the processor is in use", async () => {
    expect(await found("cpu-features", privateCopy(rich))).toEqual([
      "low: 4 processes have AVX-512 in use: CRIU says `FPU feature required by image is not supported on host` on a processor without it",
    ]);
    expect(await found("cpu-features", privateCopy(podman))).toEqual([]);
    const altered = (await Alteration.of(podman)).addImage("cpuinfo.img", image("CPUINFO"));
    expect(await found("cpu-features", altered.write())).toEqual([
      "info: the dump notes the features of its processor, and CRIU compares them: `CPU instruction capabilities do not match run time`",
    ]);
  });
});
