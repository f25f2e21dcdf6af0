import { chmodSync, copyFileSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ArchiveAudit } from "../../../src/audit/audit.ts";
import { defaultPolicy } from "../../../src/audit/policy/policy.ts";
import { auditArchives, type RunOptions } from "../../../src/audit/run/audit-archives.ts";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import { crioCounter, rich, samplePath, scratch } from "../../support/samples.ts";

const options: RunOptions = {
  policy: defaultPolicy,
  now: Date.parse("2026-11-22T00:00:00Z"),
  memory: false,
  reveal: false,
  open: { permissions: "owner" },
  jobs: 3,
};

function put(folder: string, name: string, sample: string): string {
  const path = join(folder, name);
  copyFileSync(sample, path);
  chmodSync(path, 0o600);
  return path;
}

/** So many archives in one folder, small ones and a larger one by turns. */
function many(count: number): string[] {
  const folder = scratch();
  const samples = [rich, samplePath("podman/busybox-crun-zstd.tar.zst"), crioCounter];
  return Array.from({ length: count }, (_, at) =>
    put(folder, `a${at}.${at % 3 === 1 ? "tar.zst" : "tar"}`, samples[at % 3] as string),
  );
}

async function audits(
  paths: readonly string[],
  more: Partial<RunOptions> = {},
  text?: string,
): Promise<ArchiveAudit[]> {
  const found: ArchiveAudit[] = [];
  for await (const audit of auditArchives(paths, { ...options, ...more }, text)) found.push(audit);
  return found;
}

/** A thread that answers what it is told to: it ends over `crash`, and throws over `throw`. */
const script = (start = ""): string => `
  const { parentPort } = require("node:worker_threads");
  ${start}
  parentPort.postMessage(undefined);
  parentPort.on("message", ({ index, path }) => {
    if (path.includes("crash")) process.exit(7);
    if (path.includes("throw")) return parentPort.postMessage({ index, error: "thrown" });
    parentPort.postMessage({ index, audit: { path, findings: [], from: "thread" } });
  });`;

describe("an audit of many archives", () => {
  it("says the same on threads as on none, in the order of the paths", async () => {
    const paths = many(14);
    chmodSync(paths[2] as string, 0o644);
    truncateSync(paths[5] as string, 100);
    unlinkSync(paths[8] as string);
    const alone = await audits(paths, { jobs: 1 });
    expect(alone.map(({ path }) => path)).toEqual(paths);
    expect(alone.map(({ fault }) => fault?.kind ?? null)).toEqual(
      paths.map((_, at) => ({ 2: "refused", 5: "broken", 8: "broken" })[at] ?? null),
    );
    expect(await audits(paths)).toEqual(alone);
  });

  it("works on threads, and on this one", async () => {
    const paths = many(16);
    const found = (await audits(paths, {}, script())) as (ArchiveAudit & { from?: string })[];
    expect(found.map(({ path }) => path)).toEqual(paths);
    const elsewhere = found.filter(({ from }) => from === "thread").length;
    expect(elsewhere).toBeGreaterThan(0);
    expect(elsewhere).toBeLessThan(paths.length);
  });

  it("starts no thread for a few archives, nor for one job", async () => {
    const text = script("process.exit(3)");
    for (const [paths, jobs] of [
      [many(3), 4],
      [many(13), 1],
    ] as const) {
      const found = await audits(paths, { jobs }, text);
      expect(found.every(({ fault }) => fault === null)).toBe(true);
    }
  });

  it("tells of the archive that ended a thread, and goes on with the others", async () => {
    const folder = scratch();
    const paths = Array.from({ length: 20 }, (_, at) =>
      put(folder, at % 2 === 1 ? `crash${at}.tar` : `a${at}.tar`, crioCounter),
    );
    const found = await audits(paths, { jobs: 2 }, script());
    expect(found.map(({ path }) => path)).toEqual(paths);
    const broken = found.filter(({ fault }) => fault != null);
    // Some of them were done on this thread, which the script says nothing to.
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.every(({ path }) => path.includes("crash"))).toBe(true);
    for (const { fault, findings } of broken) {
      expect(fault).toMatchObject({ kind: "broken", code: "broke-off" });
      expect(findings.map(({ ruleId }) => ruleId)).toEqual(["integrity/unreadable"]);
    }
  });

  it("tells of an audit that threw", async () => {
    const [first = "", ...rest] = many(13);
    const opener: RunOptions["opener"] = (path, open) => {
      if (path === first) throw new TypeError("a fault of ours");
      return openCheckpoint(path, open);
    };
    const found = await audits([first, ...rest], { jobs: 1, opener });
    expect(found[0]?.fault).toMatchObject({ kind: "broken", code: "broke-off" });
    expect(found[0]?.fault?.message).toContain("a fault of ours");
    expect(found.slice(1).every(({ fault }) => fault === null)).toBe(true);
  });

  it("does without threads that cannot start", async () => {
    const paths = many(14);
    const found = await audits(paths, {}, "throw new Error('no')");
    expect(found.map(({ path, fault }) => [path, fault])).toEqual(
      paths.map((path) => [path, null]),
    );
  });

  it("ends its threads when nobody wants more", async () => {
    const paths = many(20);
    const run = auditArchives(paths, options, script());
    expect((await run.next()).value).toMatchObject({ path: paths[0] });
    await run.return(undefined);
    expect(process.getActiveResourcesInfo()).not.toContain("Worker");
  });
});

describe("an archive that changes while it is read", () => {
  const about = async (change: (path: string) => void): Promise<(string | undefined)[]> => {
    const path = put(scratch(), "a.tar", crioCounter);
    const opener: RunOptions["opener"] = async (given, open) => {
      const checkpoint = await openCheckpoint(given, open);
      change(path);
      return checkpoint;
    };
    const [audit] = await audits([path], { opener });
    return (audit?.findings ?? [])
      .filter(({ ruleId }) => ruleId === "integrity/changed-while-read")
      .map(({ message }) => message);
  };

  it("was removed", async () => {
    expect(await about(unlinkSync)).toEqual(["the archive was removed while it was read"]);
  });

  it("was exchanged", async () => {
    const exchange = (path: string): void => {
      unlinkSync(path);
      // The one that was removed is still open, so its inode is not given away again.
      copyFileSync(rich, path);
    };
    expect(await about(exchange)).toEqual([
      "the archive was exchanged for another file while it was read",
    ]);
  });

  it("was cut off", async () => {
    const [message] = await about((path) => truncateSync(path, 200_000));
    expect(message).toMatch(/bytes long when the reading began, and 200000 when it ended/);
  });

  it("stays as it is", async () => {
    expect(await about(() => {})).toEqual([]);
  });
});
