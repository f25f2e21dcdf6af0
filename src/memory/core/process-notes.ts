import { escapedBytes, viewOf } from "../../base/bytes.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import type { Messages } from "../../criu/schema/types.ts";
import type { Note } from "./elf.ts";
import { noteType } from "./machine.ts";

/** Notes that a core has once (`fs/binfmt_elf.c`, `fill_note_info`). */

/**
 * `struct elf_prpsinfo` of 64-bit machines (`include/linux/elfcore.h`): state as number and
 * letter, flags at 8, ids from 16, name and arguments with room for 16 and 80 bytes.
 */
const infoLayout = { nice: 3, flags: 8, ids: 16, name: 40, args: 56, bytes: 136 } as const;
const nameBytes = 15;
const argumentBytes = 79;
/** Place of `T` in the kernel's row of states, `RSDTZW`; `R` is 0, which a kernel writes. */
const stoppedState = 3;

/** NT_PRPSINFO: what the process is, and the beginning of its command line. */
export async function infoNote(
  process: CriuProcess,
  core: Messages["core_entry"] | undefined,
  memory: ProcessMemory,
): Promise<Note> {
  const body = new Uint8Array(infoLayout.bytes);
  const view = viewOf(body);
  const stopped = process.state === "stopped";
  view.setUint8(0, stopped ? stoppedState : 0);
  view.setUint8(1, (stopped ? "T" : "R").charCodeAt(0));
  view.setInt8(infoLayout.nice, core?.thread_core?.sched_nice ?? 0);
  view.setBigUint64(infoLayout.flags, BigInt(core?.tc?.flags ?? 0), true);
  const creds = core?.thread_core?.creds;
  const { pid, ppid, pgid, sid } = process;
  const ids = [creds?.uid ?? 0, creds?.gid ?? 0, pid, ppid, pgid, sid];
  for (const [at, id] of ids.entries()) view.setUint32(infoLayout.ids + at * 4, id, true);
  const comm = printable(escapedBytes(process.comm ?? ""));
  body.set(comm.subarray(0, nameBytes), infoLayout.name);
  body.set((await commandLine(process, memory)) ?? comm.subarray(0, nameBytes), infoLayout.args);
  return { owner: "CORE", type: noteType.info, body };
}

/** Arguments with blanks between them; undefined where their pages are not in the dump. */
async function commandLine(
  { layout }: CriuProcess,
  memory: ProcessMemory,
): Promise<Uint8Array | undefined> {
  if (layout?.args === undefined) return undefined;
  const { start, length } = layout.args;
  const { bytes, gaps } = await memory.read(start, Math.min(length, argumentBytes));
  if (gaps.length > 0) return undefined;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return printable(bytes.subarray(0, end));
}

/** Debuggers print these as they are, so what a terminal would obey is a blank. */
function printable(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte < 0x20 || byte === 0x7f ? 0x20 : byte));
}

/** A kernel's own vector has some twenty pairs and room for fifty. */
const mostPairs = 256;

/** NT_AUXV: the auxiliary vector, with the AT_NULL that ends it. */
export function auxiliaryNote(vector: readonly bigint[]): Note {
  const words: bigint[] = [];
  for (let at = 0; at + 1 < vector.length && words.length < mostPairs * 2; at += 2) {
    if (vector[at] === 0n) break;
    words.push(vector[at] as bigint, vector[at + 1] as bigint);
  }
  words.push(0n, 0n);
  const body = new Uint8Array(words.length * 8);
  for (const [at, word] of words.entries()) viewOf(body).setBigUint64(at * 8, word, true);
  return { owner: "CORE", type: noteType.auxiliary, body };
}

/** `core_file_note_size_limit` of Linux may be set to 16 MiB at most. */
const mostFileBytes = 16 * 1024 * 1024;
/** PATH_MAX with some room for escapes. */
const mostPathBytes = 8192;

/**
 * NT_FILE: count and page size; start, end and offset in pages of each mapping of a file; then
 * their names. Undefined where there are none.
 */
export function filesNote(memory: ProcessMemory): { note: Note | undefined; leftOut: number } {
  const files: { mapping: Mapping; name: Uint8Array }[] = [];
  let bytes = 16;
  let leftOut = 0;
  for (const mapping of memory.mappings) {
    const path = filePath(mapping);
    if (path === undefined) continue;
    const name = escapedBytes(path).subarray(0, mostPathBytes);
    if (bytes + 25 + name.length > mostFileBytes) {
      leftOut += 1;
      continue;
    }
    bytes += 25 + name.length;
    files.push({ mapping, name });
  }
  if (files.length === 0) return { note: undefined, leftOut };
  const body = new Uint8Array(bytes);
  const view = viewOf(body);
  const pageSize = BigInt(memory.pageSize);
  view.setBigUint64(0, BigInt(files.length), true);
  view.setBigUint64(8, pageSize, true);
  let at = 16 + files.length * 24;
  for (const [index, { mapping, name }] of files.entries()) {
    const row = 16 + index * 24;
    view.setBigUint64(row, mapping.start, true);
    view.setBigUint64(row + 8, mapping.end, true);
    view.setBigUint64(row + 16, mapping.offset / pageSize, true);
    body.set(name, at);
    at += name.length + 1;
  }
  return { note: { owner: "CORE", type: noteType.files, body }, leftOut };
}

// Controls, and bytes that are C1 controls in terminals which know no UTF-8. A NUL would shift
// the names of all mappings behind it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const controls = /[\u0000-\u001f\u007f-\u009f\udc80-\udc9f]/g;

/** The name of a mapped file; any other byte stays, because debuggers open the file by it. */
function filePath({ name, backing }: Mapping): string | undefined {
  if (backing === "kernel" || !name.startsWith("/")) return undefined;
  const shown = name.replace(
    controls,
    (character) => `\\x${(character.charCodeAt(0) & 0xff).toString(16).padStart(2, "0")}`,
  );
  // As a kernel calls a memfd, so that debuggers know that no such file exists.
  return shown.startsWith("/memfd:") ? `${shown} (deleted)` : shown;
}
