import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import type { Mapping } from "../../src/criu/memory/mapping.ts";
import { ProcessMemory } from "../../src/criu/memory/process-memory.ts";
import { PageMap, pageInParent, pagePresent } from "../../src/criu/page-map.ts";
import type { CriuProcess } from "../../src/criu/processes.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { type CoreFile, writeCore } from "../../src/memory/core/core-file.ts";
import { x8664 } from "../../src/memory/core/x86-64.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { type ElfCore, notesOf, readElfCore, readStatus, words } from "../support/elf-core.ts";
import { scratch } from "../support/samples.ts";

const page = 4096;

function mapping(index: number, start: bigint, pages: number | bigint): Mapping {
  const end = start + BigInt(pages) * BigInt(page);
  return {
    index,
    start,
    end,
    permissions: "rw-p",
    backing: "private",
    name: "",
    offset: 0n,
    shmid: undefined,
    entry: {} as Messages["vma_entry"],
  };
}

/** Runs of pages at addresses; each page is filled with the number of its place in the image. */
function memoryOf(
  mappings: readonly Mapping[],
  runs: readonly (readonly [bigint, number, number?])[],
): ProcessMemory {
  const map = new PageMap(1);
  for (const [start, pages, flags] of runs) map.add(start, pages, flags ?? pagePresent);
  const bytes = Buffer.alloc(map.presentPages * page);
  for (let at = 0; at < map.presentPages; at++) bytes.fill((at % 255) + 1, at * page, ++at * page);
  const own = { map, pages: new BufferSource(bytes), image: "pages-1.img", member: "pages-1.img" };
  return new ProcessMemory({ pid: 1, mappings, pageSize: page, own, shared: new Map() });
}

const x86 = {
  mtype: 1,
  thread_info: {
    clear_tid_addr: 0n,
    gpregs: Object.fromEntries(
      (
        "r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss fs_base " +
        "gs_base ds es fs gs"
      )
        .split(" ")
        .map((name, at) => [name, BigInt(at + 1)]),
    ),
    fpregs: {
      ...{ cwd: 0x37f, swd: 0, twd: 0, fop: 0, rip: 0n, rdp: 0n, mxcsr: 0x1f80, mxcsr_mask: 0 },
      ...{ st_space: Array(32).fill(0), xmm_space: Array(64).fill(0) },
    },
  },
};

const arm = {
  mtype: 3,
  ti_aarch64: {
    clear_tid_addr: 0n,
    tls: 0x7f0000001234n,
    gpregs: {
      regs: Array.from({ length: 31 }, (_, at) => BigInt(at)),
      ...{ sp: 0xfff0n, pc: 0x4000n, pstate: 0x60000000n },
    },
    fpsimd: {
      vregs: Array.from({ length: 64 }, (_, at) => (1n << 63n) + BigInt(at)),
      ...{ fpsr: 0x10, fpcr: 0x20 },
    },
  },
};

async function write(
  memory: ProcessMemory,
  core: object = x86,
): Promise<{ core: ElfCore; result: CoreFile; file: string }> {
  const bytes = image("CORE", entry("core_entry", core));
  const folder = {
    names: () => ["core-1.img"],
    open: (name: string) => (name === "core-1.img" ? new BufferSource(bytes) : undefined),
    label: (name: string) => name,
  };
  const process = { pid: 1, ppid: 0, pgid: 1, sid: 1, threads: [1], state: "alive", comm: "a" };
  const file = join(scratch(), "core");
  const source = { folder, process: process as unknown as CriuProcess, memory };
  const result = await writeCore(source, file);
  return { core: readElfCore(file), result, file };
}

describe("the layout of a core", () => {
  it("says the number of program headers by PN_XNUM where 16 bits are too few", async () => {
    for (const count of [0xfffd, 0xfffe]) {
      const mappings = Array.from({ length: count }, (_, at) => mapping(at, BigInt(at) << 13n, 1));
      const { core, result } = await write(memoryOf(mappings, [[BigInt(count - 1) << 13n, 1]]));
      expect(core.bytes.readUInt16LE(56)).toBe(Math.min(count + 1, 0xffff));
      expect(result.programHeaders).toBe(count + 1);
      expect(core.loads.length).toBe(count);
      const last = core.loads.at(-1);
      expect(last).toMatchObject({ address: BigInt(count - 1) << 13n, fileBytes: page });
      expect(core.bytes[last?.offset ?? 0]).toBe(1);
      expect(notesOf(core, 1).length).toBe(1);
    }
  });

  it("needs no file for gaps of terabytes between pages", async () => {
    const far = 1n << 45n;
    const memory = memoryOf(
      [mapping(0, 0x1000n, 1n << 34n)],
      [
        [0x1000n, 1],
        [0x4000n, 1],
        [0x1000n + far, 2],
      ],
    );
    const { core, file } = await write(memory);
    expect(core.loads).toMatchObject([
      { address: 0x1000n, fileBytes: 4 * page, memoryBytes: far },
      { address: 0x1000n + far, fileBytes: 2 * page, memoryBytes: (1n << 46n) - far },
    ]);
    expect(statSync(file).size).toBeLessThan(64 * 1024);
  });

  it("has no load where pages are left in a parent that is not here", async () => {
    const memory = memoryOf(
      [mapping(0, 0x10000n, 6)],
      [
        [0x10000n, 1],
        [0x11000n, 2, pageInParent],
        [0x14000n, 1],
      ],
    );
    const { core, result } = await write(memory);
    expect(core.loads).toMatchObject([
      { address: 0x10000n, fileBytes: page, memoryBytes: BigInt(page) },
      { address: 0x13000n, fileBytes: 2 * page, memoryBytes: BigInt(3 * page) },
    ]);
    expect(result.lostBytes).toBe(2 * page);
  });

  it("is a core without loads where there is no memory at all", async () => {
    const { core } = await write(memoryOf([], []));
    expect(core.loads).toEqual([]);
    expect(readStatus(notesOf(core, 1)[0] as Buffer, 27).registers).toEqual(
      Array.from({ length: 27 }, (_, at) => BigInt(at + 1)),
    );
  });

  it("leaves pages of zeros as holes", async () => {
    const map = new PageMap(1);
    map.add(0n, 4096, pagePresent);
    const pages = Buffer.alloc(4096 * page);
    pages[pages.length - 1] = 1;
    const own = {
      map,
      pages: new BufferSource(pages),
      image: "pages-1.img",
      member: "pages-1.img",
    };
    const mappings = [mapping(0, 0n, 4096)];
    const memory = new ProcessMemory({ pid: 1, mappings, pageSize: page, own, shared: new Map() });
    const { file, result } = await write(memory);
    expect(statSync(file).size).toBeGreaterThan(16 * 1024 * 1024);
    expect(statSync(file).blocks * 512).toBeLessThan(64 * 1024);
    expect(result.writtenBytes).toBeLessThan(16 * 1024);
  });

  it("has the registers of aarch64", async () => {
    const { core } = await write(memoryOf([], []), arm);
    expect(core.machine).toBe(183);
    const status = notesOf(core, 1)[0] as Buffer;
    expect(status.length).toBe(392);
    const { regs, sp, pc, pstate } = arm.ti_aarch64.gpregs;
    expect(readStatus(status, 34)).toMatchObject({
      registers: [...regs, sp, pc, pstate],
      hasFloating: 1,
    });
    const floating = notesOf(core, 2)[0] as Buffer;
    expect(floating.length).toBe(528);
    expect(words(floating.subarray(0, 512))).toEqual(arm.ti_aarch64.fpsimd.vregs);
    expect([floating.readUInt32LE(512), floating.readUInt32LE(516)]).toEqual([0x10, 0x20]);
    expect(words(notesOf(core, 0x401)[0] as Buffer)).toEqual([0x7f0000001234n]);
  });

  it.each([
    ["SSE alone", {}, 576, 0x3n],
    ["AVX", { ymmh_space: Array(64).fill(1) }, 832, 0x7n],
    ["MPX", { ymmh_space: Array(64).fill(1), bndreg_state: Array(8).fill(2n) }, 1088, 0xfn],
    ["AVX-512", { ymmh_space: Array(64).fill(1), hi16_zmm: Array(128).fill(3n) }, 2688, 0xe7n],
    ["PKRU", { ymmh_space: Array(64).fill(1), pkru: [5, 0] }, 2696, 0x207n],
  ])("has an XSAVE area of a size that gdb knows: %s", (_name, parts, size, xcr0) => {
    const none = { bndreg_state: [], bndcsr_state: [], opmask_reg: [], zmm_upper: [] };
    const rest = { ymmh_space: [], hi16_zmm: [], pkru: [] };
    const xsave = { xstate_bv: 0xffffn, ...none, ...rest, ...parts };
    const info = { ...x86.thread_info, fpregs: { ...x86.thread_info.fpregs, xsave } };
    const core = { ...x86, thread_info: info } as unknown as Messages["core_entry"];
    const body = x8664.registers(core)?.notes[1]?.body as Uint8Array;
    const area = Buffer.from(body);
    expect(area.length).toBe(size);
    expect(area.readBigUInt64LE(464)).toBe(xcr0);
    expect(area.readBigUInt64LE(512)).toBe(xcr0);
    if (xcr0 & 0x4n) expect(area.readUInt32LE(576)).toBe(1);
    if (xcr0 & 0x8n) expect(area.readBigUInt64LE(960)).toBe(2n);
    if (xcr0 & 0x80n) expect(area.readBigUInt64LE(1664)).toBe(3n);
    if (xcr0 & 0x200n) expect(area.readUInt32LE(2688)).toBe(5);
  });
});
