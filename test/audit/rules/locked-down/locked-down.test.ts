import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, createReadStream, linkSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../src/audit/evaluate.ts";
import { isMarked } from "../../../../src/audit/facts/access-list.ts";
import { liesIn } from "../../../../src/audit/facts/place.ts";
import { findingFingerprint } from "../../../../src/audit/finding.ts";
import { defaultPolicy, type Policy } from "../../../../src/audit/policy/policy.ts";
import { refusalSightings } from "../../../../src/audit/refused.ts";
import { lockedDownRules } from "../../../../src/audit/rules/locked-down.ts";
import { Subject } from "../../../../src/audit/subject.ts";
import { ArchiveError, Fault, RefusedError } from "../../../../src/base/errors.ts";
import { openCheckpoint, openCheckpointPipe } from "../../../../src/checkpoint/open-checkpoint.ts";
import { lockFindings, rulesOf, sampleTime } from "../../../support/rules.ts";
import { crioCounter, privateCopy, scratch } from "../../../support/samples.ts";

/** A policy that takes the folder of an archive for a folder of archives. */
function atHome(path: string): Policy {
  const expected = { ...defaultPolicy.expect, directories: [dirname(path)] };
  return { ...defaultPolicy, expect: expected };
}

async function find(path: string) {
  return lockFindings(path, { policy: atHome(path) });
}

describe("an archive that is locked down", () => {
  it("fires no rule", async () => {
    expect(await find(privateCopy(crioCounter))).toEqual([]);
  });

  it("fires one of little weight outside the kubelet's folder", async () => {
    const path = privateCopy(crioCounter);
    const findings = await lockFindings(path);
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
      ["locked-down/elsewhere", "low"],
    ]);
    expect(findings[0]?.places).toEqual([{ path }]);
    const anywhere = { ...atHome(path).expect, directories: [] };
    expect(await lockFindings(path, { policy: { ...defaultPolicy, expect: anywhere } })).toEqual(
      [],
    );
  });
});

describe("mode", () => {
  it("is told with its mend, graver where others can write", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o644);
    const [read] = await find(path);
    expect(read).toMatchObject({
      ruleId: "locked-down/mode",
      severity: "high",
      places: [{ path }],
    });
    expect(read?.message).toMatch(/can be read by others; .* \(mode 0644; allowed .*\)$/);
    expect(read?.message).not.toContain("mend");
    expect(read?.remedy).toBe(`cryoscope secure ${path}`);
    chmodSync(path, 0o620);
    expect((await find(path))[0]).toMatchObject({
      ruleId: "locked-down/mode",
      severity: "critical",
    });
  });

  it("of files that were unpacked counts where their folders are open", async () => {
    const folder = join(scratch(), "unpacked");
    mkdirSync(folder);
    execFileSync("tar", ["-xf", crioCounter, "-C", folder]);
    chmodSync(folder, 0o755);
    chmodSync(dirname(folder), 0o755);
    const findings = await find(folder);
    expect(rulesOf(findings)).toEqual(["locked-down/mode"]);
    expect(findings[0]?.message).toMatch(/^\S+ \(mode 0644\) and \d+ other files can be read/);
    chmodSync(dirname(folder), 0o700);
    expect(await find(folder)).toEqual([]);
    chmodSync(dirname(folder), 0o755);
    chmodSync(folder, 0o700);
    expect(await find(folder)).toEqual([]);
  });
});

describe("folders", () => {
  it("that others can write to are told, each by itself", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(dirname(path), 0o770);
    const findings = await find(path);
    expect(rulesOf(findings)).toEqual(["locked-down/directory"]);
    expect(findings[0]).toMatchObject({ severity: "high", places: [{ path: dirname(path) }] });
  });
});

describe("names", () => {
  it("more than one are told", async () => {
    const path = privateCopy(crioCounter);
    linkSync(path, join(scratch(), "second"));
    const findings = await find(path);
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
      ["locked-down/hard-link", "medium"],
    ]);
    expect(findings[0]?.facts).toEqual({ links: 2, inode: lstatSync(path).ino });
  });

  it("lie in a folder by whole steps", () => {
    expect(liesIn("/a/b/c.tar", "/a/b")).toBe(true);
    expect(liesIn("/a/b/c.tar", "/a/b/")).toBe(true);
    expect(liesIn("/a/b/c.tar", "/a")).toBe(true);
    expect(liesIn("/a/b/c.tar", "/")).toBe(true);
    expect(liesIn("/a/bc/c.tar", "/a/b")).toBe(false);
    expect(liesIn("/a/b", "/a/b")).toBe(false);
  });
});

describe("access lists", () => {
  it("are known by the mark of ls", () => {
    expect(isMarked("-rw-r-----+ 1 0 0 10 Nov 22 05:00 a.tar")).toBe(true);
    expect(isMarked("drwxrwx--T+ 2 0 0 10 Nov 22 05:00 a")).toBe(true);
    expect(isMarked("-rw-r-----  1 0 0 10 Nov 22 05:00 a+")).toBe(false);
    expect(isMarked("-rw-r-----. 1 0 0 10 Nov 22 05:00 a.tar")).toBe(false);
    expect(isMarked("")).toBe(false);
  });

  // An entry for uid 12345 with r, in the form of <linux/posix_acl_xattr.h>. Node cannot write one.
  const program = `import os, struct, sys
entry = lambda tag, perm, id=0xffffffff: struct.pack("<HHI", tag, perm, id)
acl = struct.pack("<I", 2) + entry(1, 6) + entry(2, 4, 12345) + entry(4, 0) + entry(16, 4) + entry(32, 0)
os.setxattr(sys.argv[1], "system.posix_acl_access", acl)`;
  const set = (path: string): boolean =>
    spawnSync("python3", ["-c", program, path], { stdio: "ignore" }).status === 0;

  it("are told where they have effect", async (context) => {
    const path = privateCopy(crioCounter);
    context.skip(!set(path), "no Python here, or no access lists on this file system");
    expect(rulesOf(await find(path))).toEqual(["locked-down/access-list", "locked-down/mode"]);
    // An empty mask takes all effect from the list.
    chmodSync(path, 0o600);
    expect(await find(path)).toEqual([]);
  });

  it("of folders are told where they let somebody write", async (context) => {
    const path = privateCopy(crioCounter);
    const folder = dirname(path);
    context.skip(!set(folder), "no Python here, or no access lists on this file system");
    chmodSync(folder, 0o770);
    const findings = await find(path);
    expect(rulesOf(findings)).toEqual(["locked-down/access-list", "locked-down/directory"]);
    expect(findings[0]?.places).toEqual([{ path: folder }]);
  });
});

describe("a pipe", () => {
  it("cannot be judged, and that is said", async () => {
    const checkpoint = await openCheckpointPipe(createReadStream(crioCounter));
    const options = { policy: defaultPolicy, now: sampleTime, memory: false, reveal: false };
    const { findings } = await evaluate(new Subject(checkpoint, options), lockedDownRules);
    await checkpoint.close();
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
      ["locked-down/unchecked", "info"],
    ]);
  });
});

describe("an archive that the gate keeps shut", () => {
  async function refusal(path: string): Promise<Fault> {
    const error = await openCheckpoint(path, { permissions: "owner" }).catch((fault) => fault);
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }

  it("has the finding that it would have if it were open", async () => {
    const path = privateCopy(crioCounter);
    chmodSync(path, 0o640);
    const [shut] = refusalSightings(await refusal(path));
    const [open] = await find(path);
    expect(shut?.rule.id).toBe(open?.ruleId);
    expect(shut?.sighting.message).toBe(open?.message);
    expect(findingFingerprint(shut?.rule.id ?? "", shut?.sighting.key ?? "")).toBe(
      open?.fingerprint,
    );
    expect(shut?.sighting.remedy).toContain("cryoscope secure");
    chmodSync(path, 0o600);
    chmodSync(dirname(path), 0o770);
    const [folder] = refusalSightings(await refusal(path));
    expect(findingFingerprint(folder?.rule.id ?? "", folder?.sighting.key ?? "")).toBe(
      (await find(path))[0]?.fingerprint,
    );
  });

  it("is told where it is a link or no file", async () => {
    const path = privateCopy(crioCounter);
    const link = join(scratch(), "link.tar");
    symlinkSync(path, link);
    expect(refusalSightings(await refusal(link))).toMatchObject([
      { rule: { id: "locked-down/symbolic-link" }, sighting: { places: [{ path: link }] } },
    ]);
    const pipe = join(scratch(), "pipe.tar");
    execFileSync("mkfifo", [pipe]);
    const [found] = refusalSightings(await refusal(pipe));
    expect(found?.rule.id).toBe("locked-down/special-file");
    expect(found?.sighting.message).toContain("a named pipe");
  });

  it("says nothing against it where nobody may look, or something else failed", () => {
    const what = "you may not read it";
    expect(refusalSightings(new RefusedError({ code: "no-access", what }))).toEqual([]);
    expect(refusalSightings(new RefusedError({ what }))).toEqual([]);
    expect(refusalSightings(new ArchiveError({ code: "mode", what }))).toEqual([]);
    expect(refusalSightings(new RefusedError({ code: "constructor", what }))).toEqual([]);
  });
});
