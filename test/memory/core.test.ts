import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { readCore } from "../../src/criu/core.ts";
import type { ProcessMemory } from "../../src/criu/memory/process-memory.ts";
import type { CriuProcess } from "../../src/criu/processes.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { writeCore } from "../../src/memory/core/core-file.ts";
import {
  type ElfCore,
  notesOf,
  readElfCore,
  readFiles,
  readStatus,
  words,
} from "../support/elf-core.ts";
import { rich, samplePath, scratch } from "../support/samples.ts";

/** `struct user_regs_struct` of `<sys/user.h>`, by the names of CRIU. */
const registerNames = (
  "r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss fs_base gs_base " +
  "ds es fs gs"
).split(" ");

interface Written {
  checkpoint: Checkpoint;
  process: CriuProcess;
  memory: ProcessMemory;
  core: ElfCore;
  file: string;
}

async function write(path: string, pid: number): Promise<Written> {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  onTestFinished(() => checkpoint.close());
  const processes = await checkpoint.processes();
  const process = processes.find((each) => each.pid === pid) as CriuProcess;
  const memory = (await checkpoint.memory()).processes.get(pid) as ProcessMemory;
  const folder = checkpoint.images;
  if (folder === undefined) throw new Error("no images");
  const file = join(scratch(), "core");
  const result = await writeCore({ folder, process, memory }, file);
  expect(result.problems).toEqual([]);
  expect(result.sizeBytes).toBe(statSync(file).size);
  return { checkpoint, process, memory, core: readElfCore(file), file };
}

async function coreImage(checkpoint: Checkpoint, tid: number): Promise<Messages["core_entry"]> {
  const source = checkpoint.images?.open(`core-${tid}.img`);
  const core = source === undefined ? undefined : await readCore(source);
  if (core === undefined) throw new Error(`no core of ${tid}`);
  return core.entry;
}

function dumpedBytes(memory: ProcessMemory, start: bigint, end: bigint): number {
  let sum = 0;
  for (const { origin, length } of memory.segments(start, end)) {
    if (origin === "dumped") sum += length;
  }
  return sum;
}

function letters(flags: number): string {
  return [..."rwx"].map((letter, at) => ((flags & (4 >> at)) === 0 ? "-" : letter)).join("");
}

const gzip = samplePath("podman/busybox-runc-gzip.tar.gz");
const runc = samplePath("crio/counter-runc.tar");

describe.each([
  ["rich", rich, 1, [1, 7, 8, 9]],
  ["rich", rich, 2, [2]],
  ["rich", rich, 3, [3]],
  ["rich", rich, 4, [4]],
  ["rich", rich, 6, [6]],
  ["gzip", gzip, 1, [1]],
  ["runc", runc, 1, [1]],
] as const)("a core of %s", (_name, path, pid, tids) => {
  it(`pid ${pid} has every byte of the dump, where it belongs`, async () => {
    const { memory, core, file } = await write(path, pid);
    let covered = 0;
    let last = 0n;
    for (const load of core.loads) {
      expect(load.address >= last).toBe(true);
      last = load.address + load.memoryBytes;
      expect(BigInt(load.fileBytes) <= load.memoryBytes).toBe(true);
      expect(load.offset % load.align).toBe(Number(load.address % BigInt(load.align)));
      const { bytes, gaps } = await memory.read(load.address, load.fileBytes);
      expect(gaps).toEqual([]);
      const written = core.bytes.subarray(load.offset, load.offset + load.fileBytes);
      expect(written.equals(bytes)).toBe(true);
      expect(dumpedBytes(memory, load.address + BigInt(load.fileBytes), last)).toBe(0);
      covered += dumpedBytes(memory, load.address, last);
      expect(memory.mappingAt(load.address)?.permissions.slice(0, 3)).toBe(letters(load.flags));
    }
    for (const { start } of memory.mappings) {
      expect(core.loads.some(({ address }) => address === start)).toBe(true);
    }
    const dumped = memory.mappings.map(({ start, end }) => dumpedBytes(memory, start, end));
    expect(covered).toBe(dumped.reduce((sum, bytes) => sum + bytes));
    expect(covered).toBeGreaterThan(0);
    const { mode, size, blocks } = statSync(file);
    expect(mode & 0o777).toBe(0o600);
    expect(blocks * 512).toBeLessThan(size);
  });

  it(`pid ${pid} has the registers of its threads`, async () => {
    const { checkpoint, process, core } = await write(path, pid);
    expect(core.machine).toBe(62);
    const statuses = notesOf(core, 1).map((body) => {
      expect(body.length).toBe(336);
      return readStatus(body, 27);
    });
    expect(statuses.map((status) => status.pid)).toEqual(tids);
    for (const [at, status] of statuses.entries()) {
      const tid = tids[at] as number;
      const image = await coreImage(checkpoint, tid);
      const { gpregs, fpregs } = image.thread_info as Messages["thread_info_x86"];
      const fields = gpregs as unknown as Record<string, bigint>;
      expect(status.registers).toEqual(registerNames.map((name) => fields[name]));
      const { ppid, pgid, sid } = process;
      expect(status).toMatchObject({ ppid, pgrp: pgid, sid, signal: 0, hasFloating: 1 });
      expect(status.held).toBe(image.tc?.blk_sigset ?? image.thread_core?.blk_sigset);

      const floating = notesOf(core, 2)[at] as Buffer;
      expect(floating.length).toBe(512);
      expect(floating.readUInt16LE(0)).toBe(fpregs.cwd);
      expect(floating.readUInt32LE(24)).toBe(fpregs.mxcsr);
      expect(floating.readUInt32LE(28)).toBe(fpregs.mxcsr_mask);
      const halves = (from: number, count: number): number[] =>
        Array.from({ length: count }, (_, index) => floating.readUInt32LE(from + index * 4));
      expect(halves(32, 32)).toEqual(fpregs.st_space);
      expect(halves(160, 64)).toEqual(fpregs.xmm_space);

      const xstate = notesOf(core, 0x202)[at] as Buffer;
      expect(xstate.subarray(24, 416).equals(floating.subarray(24, 416))).toBe(true);
      const xsave = fpregs.xsave as Messages["user_x86_xsave_entry"];
      const xcr0 = xstate.readBigUInt64LE(464);
      expect(xstate.readBigUInt64LE(512)).toBe(xsave.xstate_bv & xcr0);
      expect(xcr0 & 7n).toBe(7n);
      const high = Array.from({ length: 64 }, (_, index) => xstate.readUInt32LE(576 + index * 4));
      expect(high).toEqual(xsave.ymmh_space);
      // AVX-512's masks, where the machine had them.
      const masks = words(xstate.subarray(1088, 1152));
      if (xsave.opmask_reg.length > 0) expect(masks).toEqual(xsave.opmask_reg);
    }
  });

  it(`pid ${pid} has its auxiliary vector, its name and its files`, async () => {
    const { process, memory, core } = await write(path, pid);
    const auxiliary = words(notesOf(core, 6)[0] as Buffer);
    expect(auxiliary.slice(-2)).toEqual([0n, 0n]);
    const saved = process.layout?.entry.mm_saved_auxv ?? [];
    // CRIU leaves out the pair of zeros that ends the vector.
    expect(auxiliary.slice(0, -2)).toEqual(saved);

    const info = notesOf(core, 3)[0] as Buffer;
    expect(info.length).toBe(136);
    const text = (from: number, to: number): string =>
      info.toString("latin1", from, to).replace(/\0+$/, "");
    expect(text(40, 56)).toBe(process.comm);
    expect(text(56, 136)).toBe(process.command?.join(" ").replace(/\n/g, " ").slice(0, 79));
    expect(info.readInt32LE(24)).toBe(pid);
    expect(String.fromCharCode(info[1] as number)).toBe("R");

    const { pageSize, files } = readFiles(notesOf(core, 0x46494c45)[0] as Buffer);
    expect(pageSize).toBe(4096n);
    const expected = memory.mappings.filter(({ name }) => name.startsWith("/"));
    expect(files).toEqual(
      expected.map(({ start, end, offset, name }) => ({
        start,
        end,
        page: offset / 4096n,
        name: name.startsWith("/memfd:") ? `${name} (deleted)` : name,
      })),
    );
  });
});

describe("a core of the rich sample", () => {
  it("keeps signals apart: blocked ones, and those that wait for one thread", async () => {
    const { core } = await write(rich, 1);
    const statuses = notesOf(core, 1).map((body) => readStatus(body, 27));
    // SIGUSR2 and 35 are blocked in all threads; 35 waits for thread 8.
    expect(statuses.map(({ held }) => held)).toEqual(Array(4).fill(0x400000800n));
    expect(statuses.map(({ pending }) => pending)).toEqual([0n, 0n, 1n << 34n, 0n]);
  });

  it("leaves unchanged parts of a file to the file", async () => {
    const { core } = await write(rich, 1);
    const config = core.loads.filter(
      ({ address }) => address >= 0x100000080000n && address < 0x100000082000n,
    );
    expect(config.map(({ fileBytes, memoryBytes }) => [fileBytes, memoryBytes])).toEqual([
      [4096, 4096n],
      [0, 4096n],
    ]);
  });

  it("has what was planted at its address, across pages and mappings", async () => {
    const { core } = await write(rich, 1);
    const at = (address: bigint, length: number): string => {
      let found = "";
      for (let next = address; found.length < length; next = address + BigInt(found.length)) {
        const load = core.loads.find(
          (each) => next >= each.address && next < each.address + BigInt(each.fileBytes),
        );
        if (load === undefined) throw new Error(`nothing at ${next}`);
        const from = load.offset + Number(next - load.address);
        const left = Math.min(length - found.length, load.offset + load.fileBytes - from);
        found += core.bytes.toString("latin1", from, from + left);
      }
      return found;
    };
    for (const [address, text] of [
      [0x100000000000n, "shared-anon!"],
      [0x100000020000n, "sysv-shm-content"],
      [0x100000030000n, "wx-page-marker"],
      [0x100000050000n, "hidden-behind-prot-none"],
      [0x100000060ff6n, "straddles-two-pages"],
      [0x100000063000n, "after-the-hole"],
      [0x100000070ff6n, "straddles-two-mappings"],
      [0x100000090000n, "memfd-content-here"],
    ] as const) {
      expect(at(address, text.length)).toBe(text);
    }
    expect(at(0x1000000a0000n, 4)).toBe("\x7fELF");
  });
});
