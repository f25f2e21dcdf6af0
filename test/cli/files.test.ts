import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { expectClean, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { privateCopy, rich, scratch } from "../support/samples.ts";
import { member, tar } from "../support/tar-builder.ts";

describe("files", () => {
  it("lists descriptors, locks and how much waits, and no byte of it", async () => {
    const { code, out } = await run(["files", ...owner, privateCopy(rich)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +1 +10 +pipe +r +16 B +pipe:\[50755\]$/m);
    expect(out).toMatch(/^ +1 +27 +regular +rw +15 B +\/tmp\/ghost +deleted, 15 B kept$/m);
    expect(out).toMatch(/^ +6 +exe +regular +544 B +\/tmp\/vanishing +deleted, 544 B kept$/m);
    expect(out).toMatch(/^ +1 +32 +posix +write +0–9 +\/tmp\/posix\.lock$/m);
    expect(out).not.toContain("unread-pipe-data");
  });

  it("shows what waits with --reveal", async () => {
    const { out } = await run(["files", "--reveal", ...owner, privateCopy(rich)]);
    for (const text of ["unread-pipe-data", "queued-fifo-bytes", "queued-tty-bytes"]) {
      expect(out).toContain(text);
    }
  });

  it("shows one process, wide, and names alone", async () => {
    const wide = await run(["files", "-o", "wide", "--pid", "3", ...owner, privateCopy(rich)]);
    expect(wide.out).toMatch(/^ +3 +37 +tty .*devpts \/dev\/pts/m);
    expect(wide.out).not.toMatch(/^ +1 /m);
    const names = await run(["files", "-q", "--pid", "3", ...owner, privateCopy(rich)]);
    expect(names.out.split("\n")).toContain("/dev/pts/0");
    const none = await run(["files", "--pid", "77", ...owner, privateCopy(rich)]);
    expect(none.code).toBe(3);
    expect(none.err).toContain("there is no process 77");
  });
});

describe("sockets", () => {
  it("lists state, addresses, peers and what waits", async () => {
    const { code, out } = await run(["sockets", ...owner, privateCopy(rich)]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^1\/19 +tcp +established +16 B +127\.0\.0\.1:18080 +127\.0\.0\.1:28080 +2\/18$/m,
    );
    expect(out).toMatch(/^1\/20 +tcp6 +listen +\[::1\]:18081$/m);
    expect(out).toMatch(/^1\/16 +unix stream +listen +@rich-abstract$/m);
    expect(out).not.toContain("queued-tcp-bytes");
  });

  it("shows options wide, contents with --reveal, and addresses alone", async () => {
    const wide = await run(["sockets", "-o", "wide", "--reveal", ...owner, privateCopy(rich)]);
    expect(wide.out).toContain("tcp_nodelay");
    expect(wide.out).toContain("second-datagram");
    const quiet = await run(["sockets", "-q", "--pid", "2", ...owner, privateCopy(rich)]);
    expect(quiet.out).toBe("socket:[50757]\n127.0.0.1:28080\n");
  });
});

describe("mounts", () => {
  it("draws a tree, and lists mountpoints alone", async () => {
    const { code, out } = await run(["mounts", ...owner, privateCopy(rich)]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^│ {2}└─ \/dev\/shm +tmpfs +shm +rw,nosuid,nodev,noexec,relatime +\/dev\/shm$/m,
    );
    const quiet = await run(["mounts", "-q", ...owner, privateCopy(rich)]);
    expect(quiet.out.split("\n").slice(0, 3)).toEqual(["/", "/dev", "/dev/mqueue"]);
  });

  it("masks passwords in options", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const mount = { fstype: 16, mnt_id: 95, root_dev: 1, parent_mnt_id: 1, flags: 0, root: "/" };
    const cifs = { mountpoint: "/", source: "//host/share", fsname: "cifs" };
    const options = "username=me,password=mount-secret";
    const bytes = entry("mnt_entry", { ...mount, ...cifs, options });
    builder.replace("checkpoint/mountpoints-13.img", image("MNTS", bytes));
    const path = builder.write();
    const masked = await run(["mounts", "-o", "wide", ...owner, path]);
    expect(masked.out).toMatch(/cifs .*username=me,password=•+/);
    expect(masked.out).not.toContain("mount-secret");
    const revealed = await run(["mounts", "-o", "json", "--reveal", ...owner, path]);
    expect(revealed.out).toContain("mount-secret");
  });
});

describe("extract --deleted", () => {
  it("writes every deleted file, privately", async () => {
    const target = scratch();
    const { code, out } = await run([
      "extract",
      "--deleted",
      ...owner,
      "-C",
      target,
      privateCopy(rich),
    ]);
    expect(code).toBe(0);
    expect(out).toContain("ghost-1-ghost");
    expect(readdirSync(target).sort()).toEqual(["ghost-1-ghost", "ghost-2-vanishing"]);
    expect(readFileSync(join(target, "ghost-1-ghost"), "utf8")).toBe("ghost file body");
    const program = statSync(join(target, "ghost-2-vanishing"));
    expect([program.size, program.mode & 0o7777]).toEqual([544, 0o600]);
  });

  it("keeps holes", async () => {
    const size = 1n << 33n;
    const builder = await CheckpointBuilder.from(rich);
    const head = { uid: 0, gid: 0, mode: 0o100644, chunks: true, size };
    const at = (off: bigint, text: string): Buffer =>
      entry("ghost_chunk_entry", { len: BigInt(text.length), off }, Buffer.from(text));
    const chunks = [at(0n, "first"), at(size - 4n, "last")];
    builder.replace(
      "checkpoint/ghost-file-1.img",
      image("GHOST_FILE", entry("ghost_file_entry", head), ...chunks),
    );
    const target = scratch();
    const ran = await run(["extract", "--deleted", ...owner, "-C", target, builder.write()]);
    expect(ran.code).toBe(0);
    const written = statSync(join(target, "ghost-1-ghost"));
    expect(written.size).toBe(Number(size));
    expect(written.blocks).toBeLessThan(100);
  });

  it("writes neither over a file nor through a link", async () => {
    const around = scratch();
    const target = join(around, "out");
    mkdirSync(target);
    writeFileSync(join(target, "ghost-1-ghost"), "mine");
    symlinkSync(join(around, "elsewhere"), join(target, "ghost-2-vanishing"));
    const ran = await run(["extract", "--deleted", ...owner, "-C", target, privateCopy(rich)]);
    expect(ran.code).toBe(4);
    expect(readFileSync(join(target, "ghost-1-ghost"), "utf8")).toBe("mine");
    expect(readdirSync(around)).toEqual(["out"]);
  });

  /** Another open file, whose name was deleted and of which CRIU made a link. */
  async function linked(): Promise<CheckpointBuilder> {
    const builder = await CheckpointBuilder.from(rich);
    const fown = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };
    const more = ["/srv/created/gone", "./srv/created/link_remap.7"].map((name, at) => {
      const reg = { id: 700 + at, flags: 0, pos: 0n, fown, name, mode: 0o100644 };
      return entry("file_entry", { type: 1, id: reg.id, reg });
    });
    const files = builder.content("checkpoint/files.img");
    builder.replace("checkpoint/files.img", Buffer.concat([files, ...more]));
    const remaps = builder.content("checkpoint/remap-fpath.img");
    const remap = { orig_id: 700, remap_id: 701, remap_type: 0 };
    const added = Buffer.concat([remaps, entry("remap_file_path_entry", remap)]);
    return builder.replace("checkpoint/remap-fpath.img", added);
  }

  it("copies what the root file system kept a link of", async () => {
    const changes = tar([
      member({ name: "srv/other-name", body: "linked body", mode: 0o640 }),
      member({ name: "srv/created/link_remap.7", type: "1", linkName: "srv/other-name" }),
    ]);
    const path = (await linked()).replace("rootfs-diff.tar", changes).write();
    const target = scratch();
    const ran = await run(["extract", "--deleted", "--same-mode", ...owner, "-C", target, path]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/^written +11 B +link-2bd-gone$/m);
    expect(readFileSync(join(target, "link-2bd-gone"), "utf8")).toBe("linked body");
  });

  it.each([
    ["no such link", undefined, 0, "/link_remap.7, which the archive does not hold"],
    ["no archive that can be read", "not a tar", 3, "rootfs-diff.tar, which cannot be read"],
  ])("says where there is %s", async (_what, changes, code, reason) => {
    const builder = await linked();
    if (changes !== undefined) builder.replace("rootfs-diff.tar", changes);
    const words = ["extract", "--deleted", ...owner, "-C", scratch(), builder.write()];
    const ran = await run(words);
    expect(ran.code).toBe(code);
    expect(ran.out).toContain(reason);
    expect(ran.out).toContain("ghost-1-ghost");
  });

  it("gives a hostile name no way out", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const fown = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };
    const reg = { id: 25, flags: 0, pos: 0n, fown, name: "/a/..", mode: 0o100644 };
    const bytes = entry("file_entry", { type: 1, id: 25, reg });
    builder.replace("checkpoint/files.img", image("FILES", bytes));
    const target = scratch();
    const ran = await run(["extract", "--deleted", ...owner, "-C", target, builder.write()]);
    expectClean(ran);
    expect(readdirSync(target).sort()).toEqual(["ghost-1-..", "ghost-2"]);
  });

  it("takes no patterns", async () => {
    const words = ["extract", "--deleted", ...owner, privateCopy(rich), "config.dump"];
    expect((await run(words)).code).toBe(2);
    expect((await run(["extract", ...owner, privateCopy(rich)])).err).toContain("pattern");
  });
});
