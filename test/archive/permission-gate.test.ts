import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { foldersOf } from "../../src/archive/laxity.ts";
import { openGated } from "../../src/archive/permission-gate.ts";
import { secure } from "../../src/archive/secure.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, scratch } from "../support/samples.ts";
import { endMarker, member, privateFile } from "../support/tar-builder.ts";

const uid = process.getuid?.() ?? 0;
const isRoot = uid === 0;
/** Root asks the default gate; anybody else may only own what is theirs. */
const policy = isRoot ? "root" : "owner";
const gate = ["--permissions", policy];

const root = fileURLToPath(new URL("../..", import.meta.url));
const builtCommand = join(root, existsSync(join(root, "dist")) ? "bin/cryoscope.cjs" : "not-built");

function mode(path: string): number {
  return lstatSync(path).mode & 0o7777;
}

/** A copy of a sample in a folder of its own below the test's. */
function inFolder(folderMode: number): { path: string; folder: string } {
  const folder = join(scratch(), "folder");
  mkdirSync(folder);
  const path = join(folder, "a.tar");
  writeFileSync(path, readFileSync(crioCounter), { mode: 0o600 });
  chmodSync(folder, folderMode);
  return { path, folder };
}

describe("the permission gate", () => {
  test("lets a private archive pass", async () => {
    expect(await run(["list", ...gate, privateCopy(crioCounter)])).toMatchObject({ code: 0 });
  });

  test.each([
    [0o644, "can be read by others"],
    [0o640, "can be read by others"],
    [0o602, "can be written by others"],
    [0o666, "can be read and written by others"],
    [0o611, "can be executed by others"],
  ])("refuses mode %o with the mend", async (bits, says) => {
    const path = privateCopy(crioCounter);
    chmodSync(path, bits);
    const ran = await run(["inspect", ...gate, path]);
    expect(ran).toMatchObject({ code: 4, out: "" });
    expect(ran.err).toContain(says);
    expect(ran.err).toContain(`mode 0${bits.toString(8)}`);
    expect(ran.err).toContain(`cryoscope secure ${path}`);
  });

  test("opens after the mend that it named", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o644);
    expect((await run(["secure", ...gate, path])).code).toBe(0);
    expect(mode(path)).toBe(0o600);
    expect((await run(["inspect", ...gate, path])).code).toBe(0);
  });

  test.runIf(isRoot)("refuses another owner, with the mend", async () => {
    const path = privateCopy(crioCounter);
    chownSync(path, 1234, 1234);
    const ran = await run(["inspect", path]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("belongs to another user");
    expect(ran.err).toContain("owner uid 1234");
    expect(ran.err).toContain(`cryoscope secure ${path}`);
    expect((await run(["secure", path])).code).toBe(0);
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 0 });
    expect((await run(["inspect", path])).code).toBe(0);
  });

  test.skipIf(isRoot)(
    "refuses a caller who is not root, and names the way for a copy",
    async () => {
      const ran = await run(["inspect", privateCopy(crioCounter)]);
      expect(ran.code).toBe(4);
      expect(ran.err).toContain("owner root (uid 0)");
      expect(ran.err).toContain("--permissions owner");
    },
  );

  test("refuses a link, whatever the policy", async () => {
    const target = privateCopy(crioCounter);
    const link = join(scratch(), "link.tar");
    symlinkSync(target, link);
    for (const permissions of ["root", "owner", "any"]) {
      const ran = await run(["inspect", "--permissions", permissions, link]);
      expect(ran).toMatchObject({ code: 4, out: "" });
      expect(ran.err).toContain("is a symbolic link");
      expect(ran.err).toContain(`a link to ${realpathSync(target)}`);
    }
  });

  test("refuses a link that leads nowhere", async () => {
    const link = join(scratch(), "link.tar");
    symlinkSync("/nowhere/at/all", link);
    const ran = await run(["inspect", ...gate, link]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("a link that leads nowhere");
  });

  test.each([0o777, 0o770, 0o702])("refuses a folder of mode %o above", async (bits) => {
    const { path, folder } = inFolder(bits);
    const ran = await run(["inspect", ...gate, path]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("can be written by others, who can exchange what is in it");
    expect(ran.err).toContain(`cryoscope secure ${folder}`);
    expect((await run(["secure", ...gate, folder])).code).toBe(0);
    expect((await run(["inspect", ...gate, path])).code).toBe(0);
  });

  test("looks at folders further up too, and through a link to a folder", async () => {
    const { folder } = inFolder(0o777);
    const below = join(folder, "below");
    mkdirSync(below, { mode: 0o700 });
    writeFileSync(join(below, "a.tar"), readFileSync(crioCounter), { mode: 0o600 });
    const link = join(scratch(), "way");
    symlinkSync(below, link);
    for (const path of [join(below, "a.tar"), join(link, "a.tar")]) {
      const ran = await run(["inspect", ...gate, path]);
      expect(ran.code).toBe(4);
      expect(ran.err).toContain(`the folder ${realpathSync(folder)} can be written by others`);
    }
  });

  test("lets a sticky folder pass", async () => {
    const { path } = inFolder(0o1777);
    expect((await run(["inspect", ...gate, path])).code).toBe(0);
  });

  test.runIf(isRoot)("refuses a folder of another owner above", async () => {
    const { path, folder } = inFolder(0o755);
    chownSync(folder, 1234, 1234);
    const ran = await run(["inspect", path]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("belongs to another user, who can exchange what is in it");
  });

  test("with any, reads it, warns, and reports a finding", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o644);
    const ran = await run(["inspect", "--permissions", "any", "-o", "json", path]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("cryoscope: warning: ");
    expect(ran.err).toContain("can be read by others");
    const { archive, problems } = JSON.parse(ran.out) as {
      archive: { lockedDown: boolean };
      problems: { code: string; severity: string }[];
    };
    expect(archive.lockedDown).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({ code: "permissions-mode", severity: "warning" }),
    );
    const table = await run(["inspect", "--permissions", "any", path]);
    expect(table.out).toContain("can be read by others");
  });

  test("judges the file that was opened, not what lies at its path later", async () => {
    const path = privateCopy(crioCounter);
    const opened = await openGated(path, "owner");
    onTestFinished(() => closeSync(opened.fd));
    expect(opened.stats.ino).toBe(statSync(path).ino);
    expect(opened.problems).toEqual([]);
  });
});

/** Can others come as far as where tests write? Elsewhere nothing that is there is open to them. */
const inReach = foldersOf(join(realpathSync(tmpdir()), "folder")).every(
  (folder) => (statSync(folder).mode & 0o011) !== 0,
);

describe("the permission gate on a folder of images", () => {
  /** A real dump, unpacked below a folder of its own that others can enter. */
  function unpacked(): { folder: string; above: string } {
    const above = scratch();
    const folder = join(above, "images");
    mkdirSync(folder, { mode: 0o755 });
    execFileSync("tar", ["-xf", crioCounter, "-C", folder]);
    execFileSync("chmod", ["-R", "u=rwX,go=", folder]);
    chmodSync(above, 0o755);
    return { folder, above };
  }

  test("lets private images pass", async () => {
    const { folder } = unpacked();
    chmodSync(folder, 0o755);
    expect((await run(["inspect", ...gate, folder])).code).toBe(0);
  });

  test("looks at the folders above it", async () => {
    const { folder, above } = unpacked();
    chmodSync(above, 0o777);
    const ran = await run(["inspect", ...gate, folder]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("can be written by others, who can exchange what is in it");
  });

  test.runIf(inReach)(
    "refuses images that others can read, unless they cannot come there",
    async () => {
      const { folder } = unpacked();
      chmodSync(join(folder, "checkpoint", "pages-1.img"), 0o644);
      expect((await run(["inspect", ...gate, folder])).code).toBe(0);
      chmodSync(folder, 0o755);
      const ran = await run(["inspect", ...gate, folder]);
      expect(ran.code).toBe(4);
      expect(ran.err).toContain("checkpoint/pages-1.img can be read by others");
      expect(ran.err).toContain(`next     chmod 700 ${folder}`);
      const any = await run(["inspect", "--permissions", "any", folder]);
      expect(any.code).toBe(0);
      expect(any.err).toContain("can be read by others");
    },
  );
});

describe("secure", () => {
  test("says what it would do, and does nothing, in a dry run", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o664);
    const before = statSync(path).ctimeMs;
    const ran = await run(["secure", "--dry-run", ...gate, path]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("would change");
    expect(mode(path)).toBe(0o664);
    expect(statSync(path).ctimeMs).toBe(before);
  });

  test("leaves alone what is right, and what is tighter", async () => {
    for (const bits of [0o600, 0o400]) {
      const path = privateCopy(crioCounter);
      chmodSync(path, bits);
      const ran = await run(["secure", ...gate, path]);
      expect(ran.out).toContain("was right");
      expect(mode(path)).toBe(bits);
    }
  });

  test("takes setuid away, and keeps a sticky folder sticky", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o4755);
    await run(["secure", ...gate, path]);
    expect(mode(path)).toBe(0o600);
    const { folder } = inFolder(0o1777);
    await run(["secure", ...gate, folder]);
    expect(mode(folder)).toBe(0o1755);
  });

  test("never follows a link", async () => {
    const target = privateCopy(crioCounter);
    chmodSync(target, 0o644);
    const link = join(scratch(), "link.tar");
    symlinkSync(target, link);
    const ran = await run(["secure", ...gate, link]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("secure never follows links");
    expect(mode(target)).toBe(0o644);
  });

  test("leaves a file with other names alone, and goes on with the next", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o644);
    linkSync(path, join(scratch(), "other-name"));
    const next = privateCopy(crioCounter);
    chmodSync(next, 0o644);
    const ran = await run(["secure", ...gate, path, next]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("has other names (hard links)");
    expect(ran.err).toContain("2 links");
    expect(mode(path)).toBe(0o644);
    expect(mode(next)).toBe(0o600);
  });

  test("refuses devices, and a path that is not there", async () => {
    expect(await run(["secure", ...gate, "/dev/null"])).toMatchObject({ code: 4 });
    expect(await run(["secure", ...gate, join(scratch(), "none")])).toMatchObject({ code: 3 });
  });

  test("keeps the group where it was told no group", async () => {
    const path = privateCopy(crioCounter);
    const { gid } = statSync(path);
    const secured = await secure(path, { uid, gid: -1 });
    expect(secured).toMatchObject({ changed: false, after: { gid } });
  });

  test.runIf(isRoot)("never opens a file to its new owner before it is shut", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o4777);
    chownSync(path, 1234, 1234);
    const secured = await secure(path, { uid: 0, gid: 0 });
    expect(secured).toMatchObject({
      before: { mode: 0o777, uid: 1234 },
      after: { mode: 0o600, uid: 0 },
      changed: true,
    });
  });
});

describe("what extract makes", () => {
  function archive(): string {
    return privateFile(
      Buffer.concat([
        member({ name: "d/", type: "5", mode: 0o777 }),
        member({ name: "d/suid", mode: 0o4755, body: "program" }),
        member({ name: "d/open", mode: 0o666, body: "for all" }),
        member({ name: "d/inside", type: "2", linkName: "../d/open" }),
        member({ name: "d/hard", type: "1", linkName: "d/open" }),
        endMarker,
      ]),
    );
  }
  const extract = (target: string, ...flags: string[]): ReturnType<typeof run> =>
    run(["extract", "--permissions", "owner", ...flags, "-C", target, archive(), "**"]);

  test("is private, whatever the archive says", async () => {
    const target = scratch();
    const ran = await extract(target);
    expect(ran.code).toBe(0);
    expect(mode(join(target, "d"))).toBe(0o700);
    expect(mode(join(target, "d/suid"))).toBe(0o600);
    expect(mode(join(target, "d/open"))).toBe(0o600);
    expect(readFileSync(join(target, "d/open"), "utf8")).toBe("for all");
  });

  // A worker of the test runner cannot set its umask, so the built command is asked.
  test.skipIf(!existsSync(builtCommand))("is private under a umask of 000", async () => {
    const target = scratch();
    const script = 'umask 000; exec node "$0" extract --permissions owner -C "$1" "$2" "**"';
    spawnSync("sh", ["-c", script, builtCommand, target, archive()]);
    expect(mode(join(target, "d"))).toBe(0o700);
    expect(mode(join(target, "d/open"))).toBe(0o600);
  });

  test("keeps modes with --same-mode, and never setuid", async () => {
    const target = scratch();
    await extract(target, "--same-mode");
    expect(mode(join(target, "d"))).toBe(0o777);
    expect(mode(join(target, "d/suid"))).toBe(0o755);
    expect(mode(join(target, "d/open"))).toBe(0o666);
  });

  test("skips symbolic links, and copies hard ones", async () => {
    const target = scratch();
    const ran = await extract(target);
    expect(ran.out).toMatch(/skipped +d\/inside +a symbolic link; --links keep makes/);
    expect(existsSync(join(target, "d/inside"))).toBe(false);
    expect(readFileSync(join(target, "d/hard"), "utf8")).toBe("for all");
    expect(statSync(join(target, "d/hard")).nlink).toBe(1);
  });

  test("keeps links that stay inside, where it was asked to", async () => {
    const target = scratch();
    const ran = await extract(target, "--links", "keep");
    expect(ran.code).toBe(0);
    expect(lstatSync(join(target, "d/inside")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(target, "d/inside"), "utf8")).toBe("for all");
  });

  test("never replaces what is there", async () => {
    const target = scratch();
    mkdirSync(join(target, "d"));
    writeFileSync(join(target, "d/open"), "mine");
    const ran = await extract(target);
    expect(ran.code).toBe(4);
    expect(ran.out).toContain("d/open exists already, and nothing is ever overwritten");
    expect(readFileSync(join(target, "d/open"), "utf8")).toBe("mine");
    expect(readFileSync(join(target, "d/suid"), "utf8")).toBe("program");
  });

  test("never writes through a link that stands where a file would go", async () => {
    const target = scratch();
    const victim = join(scratch(), "victim");
    writeFileSync(victim, "untouched");
    mkdirSync(join(target, "d"));
    symlinkSync(victim, join(target, "d/open"));
    const ran = await extract(target);
    expect(ran.code).toBe(4);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
  });

  test("leaves no half of a member that the archive lost", async () => {
    const target = scratch();
    const bytes = (await CheckpointBuilder.from()).bytes();
    const path = privateFile(bytes.subarray(0, 150_000));
    const ran = await run([
      "extract",
      "--permissions",
      "owner",
      "-C",
      target,
      path,
      "**/pages-1.img",
    ]);
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("the archive is truncated in member checkpoint/pages-1.img");
    expect(existsSync(join(target, "checkpoint/pages-1.img"))).toBe(false);
  });

  test("goes nowhere but below a folder that exists", async () => {
    const ran = await extract(join(scratch(), "none"));
    expect(ran.code).toBe(4);
    expect(ran.out).toContain("cannot be written (ENOENT)");
  });
});
