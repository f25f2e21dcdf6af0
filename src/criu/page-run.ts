import protobuf from "protobufjs/minimal.js";
import { type Decoded, decodeMessage } from "./decode.ts";

/** The fields of `pagemap_entry` that place a run. */
export type RunEntry = Pick<
  Decoded<"pagemap_entry">,
  "vaddr" | "compat_nr_pages" | "in_parent" | "flags" | "nr_pages"
>;

/** Tags of the fields: number and wire type (all varints). */
const tag = { vaddr: 8, compatPages: 16, inParent: 24, flags: 32, pages: 40 } as const;

const reader = new protobuf.Reader(new Uint8Array(0));

/**
 * Decodes one run of a page table. A large process has a million of them, so the five fields are
 * read without going through the schema; anything else is left to `decodeMessage`, which also
 * words the errors.
 */
export function decodeRun(bytes: Uint8Array): RunEntry {
  reader.buf = bytes;
  reader.pos = 0;
  reader.len = bytes.length;
  const run: Partial<RunEntry> = {};
  try {
    while (reader.pos < reader.len) {
      if (!readField(run)) return decodeMessage("pagemap_entry", bytes);
    }
  } catch {
    return decodeMessage("pagemap_entry", bytes);
  }
  const whole = run.vaddr !== undefined && run.compat_nr_pages !== undefined;
  return whole ? (run as RunEntry) : decodeMessage("pagemap_entry", bytes);
}

function readField(run: Partial<RunEntry>): boolean {
  switch (reader.uint32()) {
    case tag.vaddr:
      run.vaddr = u64();
      return true;
    case tag.compatPages:
      run.compat_nr_pages = reader.uint32();
      return true;
    case tag.inParent:
      run.in_parent = reader.bool();
      return true;
    case tag.flags:
      run.flags = reader.uint32();
      return true;
    case tag.pages:
      run.nr_pages = u64();
      return true;
    default:
      return false;
  }
}

function u64(): bigint {
  const { low, high } = reader.uint64() as unknown as { low: number; high: number };
  return high === 0 ? BigInt(low >>> 0) : (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
