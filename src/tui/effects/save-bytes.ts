import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { ProcessMemory, Segment } from "../../criu/memory/process-memory.ts";
import type { ByteSpace } from "../state/byte-space.ts";
import { memoryOf, openMember } from "./byte-space.ts";
import type { SavedContent } from "./save.ts";

/** Bytes [from, to) of a space: what the dump does not hold is a hole, and is counted. */
export async function spaceContent(
  checkpoint: Checkpoint,
  space: ByteSpace,
  from: bigint,
  to: bigint,
): Promise<SavedContent> {
  const sizeBytes = Number(to - from);
  if ("member" in space) {
    const source = await openMember(checkpoint, space.member);
    return { sizeBytes, pieces: placed(source.stream(Number(from), sizeBytes), 0) };
  }
  const memory = await memoryOf(checkpoint, space.pid);
  let unknownBytes = 0;
  for (const { origin, length } of memory.segments(from, to)) {
    if (origin !== "dumped" && origin !== "zero") unknownBytes += length;
  }
  return { sizeBytes, unknownBytes, pieces: dumped(memory, from, to) };
}

/** All bytes of a member; the holes of a sparse one stay holes. */
export async function memberContent(checkpoint: Checkpoint, name: string): Promise<SavedContent> {
  const source = await openMember(checkpoint, name);
  return { sizeBytes: source.size, pieces: source.stored?.() ?? placed(source.stream(), 0) };
}

async function* dumped(
  memory: ProcessMemory,
  from: bigint,
  to: bigint,
): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  for (const segment of memory.segments(from, to)) {
    yield* placed(stored(segment), Number(segment.address - from));
  }
}

async function* stored({ origin, store, offset, length }: Segment): AsyncGenerator<Uint8Array> {
  const pages = store?.pages;
  if (origin === "dumped" && pages !== undefined) yield* pages.stream(offset, length);
}

async function* placed(
  chunks: AsyncIterable<Uint8Array>,
  start: number,
): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  let at = start;
  for await (const bytes of chunks) {
    yield { at, bytes };
    at += bytes.length;
  }
}
