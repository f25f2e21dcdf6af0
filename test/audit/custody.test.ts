import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Caller, takeCustody } from "../../src/audit/custody.ts";
import { openCheckpoint, openCheckpointPipe } from "../../src/checkpoint/open-checkpoint.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../support/samples.ts";

const caller: Caller = { user: "op", uid: 1000, host: "node-7", command: "cryoscope audit" };
const now = Date.parse("2026-11-22T05:00:00Z");
const sha = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

async function custodyOf(path: string) {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  try {
    return await takeCustody(checkpoint.archive, caller, { now });
  } finally {
    await checkpoint.close();
  }
}

const hasSum = spawnSync("sha256sum", ["--version"]).error === undefined;

describe.each([
  ["plain", crioCounter],
  ["with a rootfs and volumes", rich],
  ["gzip", samplePath("podman/busybox-env-secrets.tar.gz")],
  ["zstd", samplePath("podman/busybox-crun-zstd.tar.zst")],
])("custody of an archive: %s", (_, path) => {
  it("hashes every member as it is when it is read", async () => {
    const { members, moreMembers } = await custodyOf(path);
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const { archive } = checkpoint;
    const files = archive.members.filter(({ type }) => type === "file");
    const expected = [];
    for (const file of files) {
      const bytes = await archive.read(file, 0, file.size);
      expected.push({ name: file.name, size: file.size, sha256: sha(bytes) });
    }
    await checkpoint.close();
    expect(expected.length).toBeGreaterThan(10);
    expect(members).toEqual(expected);
    expect(moreMembers).toBe(0);
  });

  it.runIf(hasSum)("hashes the file as sha256sum does", async () => {
    const { archiveSha256 } = await custodyOf(path);
    const told = execFileSync("sha256sum", ["--", path], { encoding: "utf8" });
    expect(archiveSha256).toBe(told.slice(0, 64));
  });

  it("signs", async () => {
    expect(await custodyOf(path)).toMatchObject({ ...caller, hashedAt: "2026-11-22T05:00:00Z" });
  });
});

describe("custody of a damaged archive", () => {
  it("hashes what is there of a member that was cut off", async () => {
    const path = privateCopy(crioCounter);
    truncateSync(path, 100_000);
    const { archiveSha256, members } = await custodyOf(path);
    expect(archiveSha256).toBe(sha(readFileSync(path)));
    const last = members.at(-1);
    const whole = readFileSync(crioCounter);
    const start = 100_000 - (last?.size ?? 0);
    expect(last?.sha256).toBe(sha(whole.subarray(start, 100_000)));
  });

  it.each([
    ["a cut gzip stream", (path: string) => truncateSync(path, 30_000)],
    ["something behind the gzip stream", (path: string) => appendFileSync(path, "behind it")],
  ])("hashes the whole file: %s", async (_, change) => {
    const path = privateCopy(samplePath("podman/busybox-env-secrets.tar.gz"));
    change(path);
    const { archiveSha256, members } = await custodyOf(path);
    expect(archiveSha256).toBe(sha(readFileSync(path)));
    expect(members.length).toBeGreaterThan(0);
  });
});

describe("custody of what is no file", () => {
  it("is refused for a pipe", async () => {
    async function* pipe(): AsyncGenerator<Uint8Array> {
      yield readFileSync(crioCounter);
    }
    const { archive } = await openCheckpointPipe(pipe());
    await expect(takeCustody(archive, caller, { now })).rejects.toThrow(/pipe is gone/);
  });
});
