import type { Archive } from "../../archive/archive.ts";
import { canonicalName } from "../../archive/member.ts";
import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError, UsageError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import type { Origin, ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { ByteSpace, SpaceLayout } from "../state/byte-space.ts";

/** Addresses [start, end) whose bytes are at one place. */
export interface Extent {
  start: bigint;
  end: bigint;
  origin: Origin;
}

/** A byte space as it is read. */
export interface OpenSpace {
  layout(): SpaceLayout;
  /** All addresses around one in a region whose bytes are at the same place as its byte. */
  extentAt(address: bigint): Extent;
  /** Bytes [start, end), which are all in one extent of origin `dumped`. */
  read(start: bigint, end: bigint): Promise<Uint8Array>;
}

/** @throws UsageError where there is no such process or member; ArchiveError where it is broken. */
export async function openSpace(checkpoint: Checkpoint, space: ByteSpace): Promise<OpenSpace> {
  if ("member" in space)
    return memberSpace(space.member, await openMember(checkpoint, space.member));
  const memory = await memoryOf(checkpoint, space.pid);
  const processes = await checkpoint.processes();
  const comm = processes.find(({ pid }) => pid === space.pid)?.comm;
  return new ProcessSpace(memory, comm ?? "");
}

/** @throws UsageError where the dump has no memory of that process. */
export async function memoryOf(checkpoint: Checkpoint, pid: number): Promise<ProcessMemory> {
  const { processes } = await checkpoint.memory();
  const memory = processes.get(pid);
  if (memory !== undefined) return memory;
  throw new UsageError({
    what: `the dump has no memory of a process ${pid}`,
    allowed: [...processes.keys()].join(", "),
  });
}

/**
 * Extents end at multiples of this, so that their lengths are exact numbers however large a
 * hostile mapping is.
 */
const longestExtent = 1n << 50n;

class ProcessSpace implements OpenSpace {
  readonly #memory: ProcessMemory;
  readonly #title: string;

  constructor(memory: ProcessMemory, title: string) {
    this.#memory = memory;
    this.#title = title;
  }

  layout(): SpaceLayout {
    const { mappings } = this.#memory;
    return {
      title: this.#title,
      end: 1n << 64n,
      starts: BigUint64Array.from(mappings, ({ start }) => start),
      ends: BigUint64Array.from(mappings, ({ end }) => end),
      names: mappings.map(mappingName),
      permissions: mappings.map(({ permissions }) => permissions),
    };
  }

  extentAt(address: bigint): Extent {
    const mapping = this.#memory.mappingAt(address);
    if (mapping === undefined) throw new Error(`${address} is in no mapping`);
    const cell = address - (address % longestExtent);
    const first = mapping.start > cell ? mapping.start : cell;
    const stop = mapping.end < cell + longestExtent ? mapping.end : cell + longestExtent;
    const from = (start: bigint): Extent => {
      const [segment] = this.#memory.segments(start, stop);
      if (segment === undefined) throw new Error(`${start} is in no segment`);
      return { start, end: start + BigInt(segment.length), origin: segment.origin };
    };
    const { end, origin } = from(address);
    // Segments are found by where they begin to be read; the first address from which one reads
    // on to here is found by halving, which no million of runs makes slow.
    let low = first;
    let high = address;
    while (low < high) {
      const middle = (low + high) >> 1n;
      if (from(middle).end > address) high = middle;
      else low = middle + 1n;
    }
    return { start: low, end, origin };
  }

  async read(start: bigint, end: bigint): Promise<Uint8Array> {
    const { bytes } = await this.#memory.read(start, Number(end - start));
    return bytes;
  }
}

function mappingName({ name, backing }: Mapping): string {
  if (name !== "") return name;
  return backing === "private" ? "anonymous" : backing;
}

function memberSpace(name: string, source: ByteSource): OpenSpace {
  const end = BigInt(source.size);
  const some = end > 0n;
  return {
    layout: () => ({
      title: "",
      end,
      starts: BigUint64Array.from(some ? [0n] : []),
      ends: BigUint64Array.from(some ? [end] : []),
      names: some ? [name] : [],
      permissions: some ? [""] : [],
    }),
    extentAt: () => ({ start: 0n, end, origin: "dumped" }),
    read: (from, to) => source.read(Number(from), Number(to - from)),
  };
}

// An archive inside the archive is indexed once, not for each window of one of its files; one is
// kept for each checkpoint, and goes with it.
const nested = new WeakMap<Checkpoint, { outer: string; archive: Promise<Archive> }>();

/**
 * The bytes of a member; `OUTER!INNER` for one of an archive inside the archive.
 * @throws UsageError where there is none of that name.
 */
export async function openMember(checkpoint: Checkpoint, name: string): Promise<ByteSource> {
  const { archive } = checkpoint;
  const plain = archive.find(name);
  if (plain !== undefined) return archive.open(plain);
  const at = name.indexOf("!");
  const outer = at === -1 ? undefined : archive.find(name.slice(0, at));
  if (outer === undefined) throw noMember(name);
  const inside = await insideOf(checkpoint, canonicalName(outer.name));
  const inner = inside.find(name.slice(at + 1));
  if (inner === undefined) throw noMember(name);
  try {
    return inside.open(inner);
  } catch (error) {
    throw error instanceof ArchiveError ? error.at({ member: name }) : error;
  }
}

function insideOf(checkpoint: Checkpoint, outer: string): Promise<Archive> {
  const known = nested.get(checkpoint);
  if (known?.outer === outer) return known.archive;
  const member = checkpoint.archive.find(outer);
  if (member === undefined) throw noMember(outer);
  const archive = checkpoint.nested(member);
  nested.set(checkpoint, { outer, archive });
  // What could not be opened is tried again when it is asked for again.
  archive.catch(() => nested.delete(checkpoint));
  void known?.archive.then((it) => it.close()).catch(() => {});
  return archive;
}

function noMember(name: string): UsageError {
  return new UsageError({ what: `the archive has no member ${name}`, next: "cryoscope images" });
}
