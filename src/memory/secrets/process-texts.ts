import { asBuffer } from "../../base/bytes.ts";
import type { Problem } from "../../base/problem.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { AddressRange } from "../../criu/memory-layout.ts";
import type { Sighted } from "./examine.ts";
import {
  commandLineFlag,
  type Entry,
  namedVariable,
  secretFlags,
  secretVariable,
} from "./named.ts";
import { type SecretSearch, secretsIn } from "./scope.ts";
import type { SecretPlace } from "./secret.ts";

/** Bytes of all command lines and environments; a program may set their ends as it likes. */
const mostBytes = 512 * 1024 * 1024;

const tooMuch: Problem = {
  severity: "warning",
  code: "secrets-unsearched",
  message:
    "command lines and environments are larger than 512 MiB together; not all were looked at by variable",
};

/** Addresses that a process had its command line and its environment at. */
export type TextRanges = ReadonlyMap<number, readonly AddressRange[]>;

/**
 * Looks through the command lines and environments of all processes, as the kernel laid them on
 * their stacks. A program may have moved them or written over them, so what is there is looked at
 * for secrets of every form too.
 * @returns where they are, so that memory is not told of the same bytes again
 */
export async function searchProcessTexts(search: SecretSearch): Promise<TextRanges> {
  const { checkpoint, pids } = search;
  const memory = await checkpoint.memory();
  const ranges = new Map<number, AddressRange[]>();
  let left = mostBytes;
  for (const { pid, layout } of await checkpoint.processes()) {
    const process = memory.processes.get(pid);
    if (process === undefined || layout === undefined || pids?.has(pid) === false) continue;
    const { args, env } = layout;
    left -= (args?.length ?? 0) + (env?.length ?? 0);
    if (left < 0) {
      search.problems.add(tooMuch);
      break;
    }
    if (args !== undefined) await searchRange(search, process, args, "command-line");
    if (env !== undefined) await searchRange(search, process, env, "environment");
    ranges.set(
      pid,
      [args, env].filter((range) => range !== undefined),
    );
  }
  return ranges;
}

async function searchRange(
  search: SecretSearch,
  process: ProcessMemory,
  { start, length }: AddressRange,
  kind: "command-line" | "environment",
): Promise<void> {
  if (!isDumped(process, start, length)) return;
  const { bytes } = await process.read(start, length);
  search.progress(bytes.length);
  const entries = split(bytes);
  for (const sighted of secretsIn(search, bytes, namedIn(search, entries, kind))) {
    const address = start + BigInt(sighted.start);
    const place = placeAt(process, address, sighted);
    if (place === undefined) continue;
    const variable = kind === "environment" ? variableAt(entries, sighted.start) : undefined;
    search.collector.add(sighted, [
      { ...place, kind, ...(variable === undefined ? {} : { variable }) },
    ]);
  }
}

function isDumped(process: ProcessMemory, start: bigint, length: number): boolean {
  for (const { origin } of process.segments(start, start + BigInt(length))) {
    if (origin === "dumped") return true;
  }
  return false;
}

function namedIn(search: SecretSearch, entries: readonly Entry[], kind: string): Sighted[] {
  if (kind === "command-line") return search.asks(commandLineFlag) ? secretFlags(entries) : [];
  return search.asks(namedVariable) ? entries.flatMap((entry) => secretVariable(entry) ?? []) : [];
}

/** Texts that end with a NUL, of one byte a character. */
function split(bytes: Uint8Array): Entry[] {
  const buffer = asBuffer(bytes);
  const entries: Entry[] = [];
  for (let start = 0; start < buffer.length; ) {
    const found = buffer.indexOf(0, start);
    const end = found === -1 ? buffer.length : found;
    if (end > start) entries.push({ text: buffer.toString("latin1", start, end), start });
    start = end + 1;
  }
  return entries;
}

function variableAt(entries: readonly Entry[], at: number): string | undefined {
  let low = 0;
  let high = entries.length;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Entry).start <= at) low = middle;
    else high = middle;
  }
  const text = entries[low]?.text ?? "";
  const equals = text.indexOf("=");
  return equals > 0 ? text.slice(0, equals) : undefined;
}

/** Where a byte of a process lies in the archive; undefined where it was not dumped. */
function placeAt(
  process: ProcessMemory,
  address: bigint,
  { encoding }: Sighted,
): Omit<SecretPlace, "kind"> | undefined {
  const [segment] = process.segments(address, address + 1n);
  if (segment?.store === undefined || segment.offset === undefined) return undefined;
  const mapping = process.mappingAt(address);
  let parent = 0;
  for (let store = process.own; store !== undefined && store !== segment.store; parent++) {
    store = store.parent;
  }
  return {
    pid: process.pid,
    address,
    ...(mapping === undefined ? {} : { mapping: mapping.name || "anonymous" }),
    member: segment.store.member,
    offset: segment.offset,
    parent,
    encoding,
  };
}
