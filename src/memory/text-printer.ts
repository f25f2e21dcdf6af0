import { asBuffer } from "../base/bytes.ts";
import { type Before, type Behind, type SecretWord, secretWords } from "../base/secret-words.ts";
import type { Kernel } from "./kernel/kernel.ts";

/** What stands before each line of a stretch of memory. */
export interface LineHead {
  /** ASCII, at most 32 bytes. */
  prefix: string;
  /** Address of the window's first byte, told in hexadecimal behind the prefix, with two blanks. */
  base: bigint | undefined;
}

/** A stretch of a window, offsets in it. */
interface Stretch {
  from: number;
  /** End of the window. */
  to: number;
  /** Texts that begin here or later are left alone. */
  safe: number;
}

/** Why the kernel came back (assembly/lines.ts). */
const ended = { done: 0, full: 1, suspect: 2, enough: 3 };

// Offsets in the plan, as assembly/lines.ts has them.
const plan = {
  out: 0,
  outEnd: 4,
  left: 8,
  start: 12,
  end: 16,
  prefixLength: 20,
  addressed: 24,
  guarded: 28,
  base: 32,
  prefix: 48,
  tables: 80,
};
const longestPrefix = 32;
const unlimited = 0xffffffff;

/**
 * Writes the ASCII texts of windows as lines of bytes, by the kernel: no text becomes a JavaScript
 * string unless it may hold a secret.
 */
export class TextPrinter {
  readonly #least: number;
  readonly #mask: ((text: string) => string) | undefined;
  #left: number;

  /**
   * @param least characters of the shortest text
   * @param mask gives a line for a text that may hold a secret; undefined where all are shown
   * @param limit lines that are wanted
   */
  constructor(least: number, mask: ((text: string) => string) | undefined, limit?: number) {
    this.#least = least;
    this.#mask = mask;
    this.#left = limit ?? Number.POSITIVE_INFINITY;
  }

  /** All lines that were wanted are there. */
  get enough(): boolean {
    return this.#left === 0;
  }

  /**
   * Hands out the lines of texts that begin in [from, safe), piece by piece: views, valid until
   * the next is asked for. Returns where the last of them ends.
   */
  *lines(
    kernel: Kernel,
    head: LineHead,
    { from, to, safe }: Stretch,
  ): Generator<Uint8Array, number> {
    const room = new Room(kernel, head, this.#mask !== undefined);
    let at = from;
    for (;;) {
      const asked = Math.min(this.#left, unlimited);
      room.set(plan.left, asked);
      room.set(plan.start, at);
      const why = kernel.lines(at, to, safe, this.#least);
      this.#left -= asked - room.get(plan.left);
      at = room.get(plan.start);
      if (why === ended.suspect) {
        const end = room.get(plan.end);
        const line = this.#masked(kernel.window.subarray(at, end), room.headOf(head, at));
        if (!room.append(line)) {
          yield room.written();
          yield line;
          room.clear();
        }
        this.#left -= 1;
        at = end;
      } else {
        yield room.written();
        room.clear();
        if (why !== ended.full) return at;
      }
    }
  }

  #masked(text: Uint8Array, head: string): Buffer {
    const line = this.#mask?.(asBuffer(text).toString("latin1")) ?? "";
    return Buffer.from(`${head}${line}\n`);
  }
}

/** The plan and the output in a kernel's room. */
class Room {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(kernel: Kernel, { prefix, base }: LineHead, guarded: boolean) {
    this.#bytes = kernel.room;
    const { buffer, byteOffset, byteLength } = kernel.room;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    const tables = wordTables();
    this.#bytes.set(tables, plan.tables);
    this.set(plan.outEnd, byteOffset + byteLength);
    this.set(plan.prefixLength, Math.min(prefix.length, longestPrefix));
    asBuffer(this.#bytes).write(prefix, plan.prefix, longestPrefix, "latin1");
    this.set(plan.addressed, base === undefined ? 0 : 1);
    this.#view.setBigUint64(plan.base, base ?? 0n, true);
    this.set(plan.guarded, guarded ? 1 : 0);
    this.clear();
  }

  get #first(): number {
    return plan.tables + wordTables().length;
  }

  get(field: number): number {
    return this.#view.getUint32(field, true);
  }

  set(field: number, value: number): void {
    this.#view.setUint32(field, value, true);
  }

  clear(): void {
    this.set(plan.out, this.#bytes.byteOffset + this.#first);
  }

  written(): Uint8Array {
    return this.#bytes.subarray(this.#first, this.get(plan.out) - this.#bytes.byteOffset);
  }

  /** False where there is no room. */
  append(line: Uint8Array): boolean {
    const at = this.get(plan.out);
    if (at + line.length > this.get(plan.outEnd)) return false;
    this.#bytes.set(line, at - this.#bytes.byteOffset);
    this.set(plan.out, at + line.length);
    return true;
  }

  headOf({ prefix, base }: LineHead, at: number): string {
    if (base === undefined) return prefix;
    return `${prefix}${BigInt.asUintN(64, base + BigInt(at)).toString(16)}  `;
  }
}

const bucketCount = 8;
/** Characters that the kernel looks up before it compares. */
const fingerprint = 4;
const wordBytes = 32;
const tableBytes = fingerprint * 2 * 16;
const scratchBytes = 16;
const beforeCodes: Record<Before, number> = { anything: 0, edge: 1, joint: 2 };
const behindCodes: Record<Behind, number> = { anything: 0, "name end": 3, blank: 4, password: 5 };

let made: Uint8Array | undefined;

/** What the kernel looks for, laid out for it: tables of characters, and lists of words. */
function wordTables(): Uint8Array {
  made ??= makeTables(buckets());
  return made;
}

/** Words that begin alike share a bucket, and so do those of three letters. */
function buckets(): SecretWord[][] {
  const key = ({ word }: SecretWord): string => `${Math.min(word.length, fingerprint)}${word}`;
  const sorted = [...secretWords].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  const size = Math.ceil(sorted.length / bucketCount);
  return Array.from({ length: bucketCount }, (_, at) => sorted.slice(at * size, (at + 1) * size));
}

function makeTables(lists: readonly SecretWord[][]): Uint8Array {
  const listStart = tableBytes + bucketCount * 4 + scratchBytes;
  const length = lists.reduce((sum, list) => sum + (list.length + 1) * wordBytes, listStart);
  const bytes = Buffer.alloc(length);
  let at = listStart;
  for (const [bucket, list] of lists.entries()) {
    bytes.writeUInt32LE(plan.tables + at, tableBytes + bucket * 4);
    for (const entry of list) {
      addFingerprint(bytes, entry, 1 << bucket);
      bytes.set([entry.word.length, beforeCodes[entry.before], behindCodes[entry.behind]], at);
      bytes.write(entry.word, at + 16, "latin1");
      at += wordBytes;
    }
    at += wordBytes;
  }
  return bytes;
}

/** What may come first behind a word that ends a name. */
const nameEnds = "s=:\"'\\ \t";
const anyCharacter = String.fromCharCode(...Array(128).keys());

/** Adds a bucket's bit where one of its words has a character: by its low and its high half. */
function addFingerprint(bytes: Uint8Array, { word, behind }: SecretWord, bit: number): void {
  for (let place = 0; place < fingerprint; place++) {
    const table = bytes.subarray(place * 32, place * 32 + 32);
    const letter = word[place] ?? (behind === "name end" ? nameEnds : anyCharacter);
    for (const character of letter + letter.toUpperCase()) {
      const code = character.charCodeAt(0);
      table[code & 15] = (table[code & 15] as number) | bit;
      table[16 + (code >> 4)] = (table[16 + (code >> 4)] as number) | bit;
    }
  }
}
