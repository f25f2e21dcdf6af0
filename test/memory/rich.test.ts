import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { run } from "../support/run.ts";
import { rich, scratch } from "../support/samples.ts";

// What samples/rich/README.md says was planted.
const any = ["--permissions", "any", "-q"];

async function hits(...words: string[]): Promise<Record<string, unknown>[]> {
  const { out } = await run(["memory", "search", rich, ...words, ...any, "-o", "json"]);
  return (JSON.parse(out) as { items: Record<string, unknown>[] }).items;
}

describe("memory of the rich sample", () => {
  it.each([
    ["wx-page-marker", 1, "0x100000030000", "checkpoint/pages-4.img"],
    ["hidden-behind-prot-none", 1, "0x100000050000", "checkpoint/pages-4.img"],
    ["straddles-two-pages", 1, "0x100000060ff6", "checkpoint/pages-4.img"],
    ["after-the-hole", 1, "0x100000063000", "checkpoint/pages-4.img"],
    ["straddles-two-mappings", 1, "0x100000070ff6", "checkpoint/pages-4.img"],
    ["private-copy-of-file-page", 1, "0x100000080000", "checkpoint/pages-4.img"],
    ["memfd-content-here", 1, "0x100000090000", "checkpoint/pages-2.img"],
    ["sysv-shm-content", 1, "0x100000020000", "checkpoint/pages-9.img"],
    ["password=hunter2-not-real", 1, "0x3c5b6710", "checkpoint/pages-4.img"],
  ])("holds %s once, where it was planted", async (text, pid, address, member) => {
    const found = await hits("--text", text);
    const near = found.filter((hit) => hit["member"] === member);
    expect(near.length).toBe(1);
    const distance = BigInt(near[0]?.["address"] as string) - BigInt(address);
    expect(near[0]?.["pid"]).toBe(pid);
    // A text may stand some bytes into what was planted there.
    expect(distance >= 0n && distance < 64n).toBe(true);
  });

  it("reports a shared page once, with all who map it", async () => {
    const found = await hits("--text", "shared-anon!");
    const shared = found.filter(({ member }) => member === "checkpoint/pages-1.img");
    expect(shared).toMatchObject([
      {
        pid: 1,
        address: "0x100000000000",
        also: [
          { pid: 2, address: "0x100000000000" },
          { pid: 3, address: "0x100000000000" },
        ],
      },
    ]);
  });

  it("is searched with queues, deleted files, logs and changed files where that is asked for", async () => {
    const members = async (text: string): Promise<unknown[]> =>
      (await hits("--text", text, "--everywhere")).map(({ member }) => member);
    expect(await members("unread-pipe-data")).toContain("checkpoint/pipes-data.img");
    expect(await members("queued-unix-bytes")).toContain("checkpoint/sk-queues.img");
    expect((await members("queued-tcp-bytes")).join()).toMatch(
      /checkpoint\/tcp-stream-[0-9a-f]+\.img/,
    );
    expect((await members("ghost file body")).join()).toMatch(
      /checkpoint\/ghost-file-[0-9a-f]+\.img/,
    );
    expect(await members("devshm-content-here")).toContain("devshm-checkpoint.tar!rich-shm");
    expect(await members("mysecret-not-real")).toContain("config.dump");
  });

  it("finds UTF-16 where it is asked to", async () => {
    expect((await hits("--text", "wide-secret-not-real")).length).toBe(0);
    const found = await hits("--text", "wide-secret-not-real", "--utf16");
    expect(found.map(({ address }) => address)).toEqual(["0x3c5b6760"]);
  });

  it("shows each byte at the address that a hit names", async () => {
    const checkpoint = await openCheckpoint(rich, { permissions: "any" });
    const memory = await checkpoint.memory();
    for (const hit of await hits("--text", "not-real")) {
      const process = memory.processes.get(hit["pid"] as number);
      const read = await process?.read(BigInt(hit["address"] as string), 8);
      expect(Buffer.from(read?.bytes ?? []).toString()).toBe("not-real");
      expect(read?.gaps).toEqual([]);
    }
    await checkpoint.close();
  });

  it("says what a dump does not hold instead of inventing it", async () => {
    const { code, err } = await run([
      "memory",
      "read",
      rich,
      "--pid",
      "1",
      "--address",
      "0x100000080000",
      "--length",
      "8192",
      ...any,
    ]);
    expect(code).toBe(0);
    expect(err).toContain("4,096 bytes at 0x100000081000 are in a file of the container");
    const unmapped = await run(["memory", "read", rich, "--pid", "1", "--address", "0x10", ...any]);
    expect(unmapped.code).toBe(3);
    expect(unmapped.err).toContain("not mapped");
  });

  it("writes bytes to a file, and never to a terminal", async () => {
    const at = ["--pid", "1", "--address", "0x100000030000", "--length", "14", "--raw"];
    const words = ["memory", "read", rich, ...at, ...any];
    expect((await run(words)).out).toBe("wx-page-marker");
    const shown = await run(words, { columns: 80 });
    expect({ code: shown.code, out: shown.out }).toEqual({ code: 2, out: "" });
  });

  it("masks secrets in previews unless they are asked for", async () => {
    const masked = await run(["memory", "search", rich, "--text", "hunter2-not-real", ...any]);
    expect(masked.out).not.toContain("hunter2");
    expect(masked.out).toContain("pid 1 0x3c5b6719 [heap]");
    const shown = await run([
      "memory",
      "search",
      rich,
      "--text",
      "hunter2-not-real",
      "--reveal",
      ...any,
    ]);
    expect(shown.out).toContain("password=hunter2-not-real");
  });

  it("is dumped to private sparse files that hold what reads show", async () => {
    const folder = scratch();
    const { code } = await run(["memory", "dump", rich, "--pid", "1", "-C", folder, ...any]);
    expect(code).toBe(0);
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(15);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const file = join(folder, "pid-1-0000100000060000-0000100000064000.bin");
    const bytes = readFileSync(file);
    expect(bytes.length).toBe(4 * 4096);
    expect(bytes.indexOf("straddles-two-pages")).toBe(0xff6);
    expect(bytes.indexOf("after-the-hole")).toBe(0x3000);
    expect(bytes.subarray(0x2000, 0x3000).every((byte) => byte === 0)).toBe(true);
    const again = await run(["memory", "dump", rich, "--pid", "1", "-C", folder, ...any]);
    expect(again.code).toBe(4);
  });
});
