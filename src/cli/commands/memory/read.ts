import { apiVersion } from "../../../base/document.ts";
import { UsageError } from "../../../base/errors.ts";
import { hex } from "../../../base/u64.ts";
import { formatBytes, formatCount } from "../../../base/units.ts";
import type { Segment } from "../../../criu/memory/process-memory.ts";
import { hexdump } from "../../../memory/hexdump.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { printPieces, printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, oneProcess, withMemory } from "./open.ts";

export interface ReadCommandOptions extends MemoryOptions {
  address: bigint;
  length: number;
  raw?: boolean;
}

/** More than this at once is what `memory dump` is for. */
const mostBytes = 64 * 1024 * 1024;

export function runRead(path: string, options: ReadCommandOptions, io: Io): Promise<number> {
  const { address, length } = options;
  if (length > mostBytes) {
    throw new UsageError({
      what: "that is more memory than is read at once",
      found: formatBytes(length),
      allowed: formatBytes(mostBytes),
      next: "write it to files: cryoscope memory dump",
    });
  }
  if (options.raw === true && options.outputFile === undefined && io.out.isTTY) {
    throw new UsageError({
      what: "memory holds terminal escapes, so it is not written to a terminal as it is",
      next: "leave --raw out, or send it to a file: --output-file FILE",
    });
  }
  return withMemory(path, options, io, async ({ checkpoint, memory }) => {
    const process = oneProcess(memory, options.pid);
    const { bytes, gaps } = await process.read(address, length);
    const known = gaps.reduce((sum, gap) => sum - gap.length, length);
    await sayGaps(gaps, io);
    if (options.raw === true) await printPieces([bytes], options.outputFile, io);
    else {
      const document = {
        apiVersion,
        kind: "MemoryRead",
        pid: process.pid,
        address: hex(address),
        length,
        bytes: Buffer.from(bytes).toString("base64"),
        gaps: gaps.map((gap) => ({
          address: hex(gap.address),
          length: gap.length,
          origin: gap.origin,
        })),
      };
      await printResult(document, () => [...hexdump(bytes, address)].join(""), options, io);
    }
    if (known === 0) return exitCodes.archive;
    return verdict(checkpoint.problems, io);
  });
}

const reasons: Record<Segment["origin"], string> = {
  dumped: "not read",
  zero: "zero",
  file: "in a file of the container, unchanged: the dump does not hold it",
  parent: "in the parent dump: give it with --parent ARCHIVE",
  lazy: "left behind for lazy restore: the dump does not hold it",
  kernel: "made by the kernel: never dumped",
  missing: "in an image that is missing or too short",
  unmapped: "not mapped",
};

async function sayGaps(gaps: readonly Segment[], io: Io): Promise<void> {
  for (const { address, length, origin } of gaps) {
    const what = `${formatCount(length)} bytes at ${hex(address)} are ${reasons[origin]}`;
    await io.err.write(`cryoscope: ${what}; shown as zero\n`);
  }
}
