import { describe, expect, it } from "vitest";
import type { ProcessMemory } from "../../src/criu/memory/process-memory.ts";
import { openNasty } from "../support/nasty.ts";

const at = (number: number): bigint => 0x1000_0000_0000n + BigInt(number) * 0x10_0000n;

// What samples/nasty plants in memory, and /proc/PID/maps said of it before the dump.
describe.each(["processes", "processes-3.17"])("memory of the dump %s", async (name) => {
  const { checkpoint } = await openNasty(name);
  const { processes } = await checkpoint.memory();
  const sharer = (await checkpoint.processes()).find(({ comm }) => comm === "sharer")?.pid ?? 0;

  async function text(pid: number, address: bigint): Promise<string> {
    const { bytes, gaps } = await (processes.get(pid) as ProcessMemory).read(address, 64);
    expect(gaps).toEqual([]);
    return Buffer.from(bytes).toString("latin1").replace(/\0.*$/s, "");
  }

  it.each([
    [0, 0, "rw-p", "private anonymous"],
    [1, 0, "r--p", "read-only"],
    [2, 0, "---p", "no access"],
    [3, 0, "rwxp", "all access"],
    [4, 0, "rw-p", "locked"],
    [5, 0x1000, "rw-p", "not in core dumps"],
    [5, 0x3000, "rw-p", "wiped on fork"],
    [6, 0, "rw-p", "no reserve"],
    [8, 0, "rw-s", "shared anonymous"],
    [8, 0x1000, "rw-s", "written by the child"],
    [10, 0x1000, "rw-p", "copied on write"],
    [14, 0, "rw-s", "memfd, shared"],
    [15, 0x1000, "rw-p", "memfd, private copy"],
    [15, 0, "rw-p", "memfd, shared"],
    [16, 0xff8, "rw-p", "across the border"],
    [20, 0x3000, "rw-p", "grows down"],
    [50, 0, "rw-s", "segment one"],
    [51, 0x3000, "rw-s", "segment two, last page"],
    [52, 0, "rw-s", "private segment"],
    [53, 0, "r--s", "segment one"],
  ])("at %d + %d is %s and holds %s", async (number, offset, permissions, expected) => {
    const address = at(number) + BigInt(offset);
    expect(await text(1, address)).toBe(expected);
    expect(processes.get(1)?.mappingAt(address)?.permissions).toBe(permissions);
  });

  it("of a child is its own, but for what it shares, does not get, or finds wiped", async () => {
    expect(await text(sharer, at(0))).toBe("changed in the child");
    expect(await text(sharer, at(8) + 0x1000n)).toBe("written by the child");
    expect(processes.get(sharer)?.mappingAt(at(5))).toBeUndefined();
    expect(await text(sharer, at(5) + 0x3000n)).toBe("");
  });

  it("that was only read is zero", async () => {
    const memory = processes.get(1) as ProcessMemory;
    const { bytes, gaps } = await memory.read(at(7), 8 * 4096);
    expect(gaps).toEqual([]);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it("has names: one stack, rings, files and memfds", () => {
    const names = processes.get(1)?.mappings.map((mapping) => mapping.name) ?? [];
    expect(names.filter((it) => it === "[stack]")).toHaveLength(1);
    expect(names).toEqual(
      expect.arrayContaining(["[aio]", "[heap]", "/tmp/mapped", "/tmp/mapped \u001b[31m\n"]),
    );
    const backing = (number: number) => processes.get(1)?.mappingAt(at(number))?.backing;
    expect([10, 11, 12, 14, 20].map(backing)).toEqual([
      "file",
      "file",
      "file",
      "shared",
      "private",
    ]);
  });
});

describe.each(["sockets", "sockets-3.17"])("the ring of a packet socket in %s", async (name) => {
  it("is the kernel's: not dumped, and not zero", async () => {
    const { checkpoint } = await openNasty(name);
    const memory = (await checkpoint.memory()).processes.get(1) as ProcessMemory;
    const { gaps } = await memory.read(at(60), 4 * 4096);
    expect(gaps).toMatchObject([{ origin: "kernel", length: 4 * 4096 }]);
    expect(memory.mappingAt(at(60))?.name).toBe("[socket]");
  });
});
