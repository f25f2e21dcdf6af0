import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import { extents } from "../../memory/extents.ts";
import {
  expressionMatcher,
  literalMatcher,
  type Matcher,
  parseHexPattern,
  watched,
} from "../../memory/matcher.ts";
import { scanStream } from "../../memory/scan-stream.ts";
import { type Hit, search } from "../../memory/search.ts";
import type { ByteSpace, SearchPart, SearchPattern } from "../state/byte-space.ts";
import { memoryOf, openMember } from "./byte-space.ts";
import type { Handler } from "./handler.ts";

/** Places that are listed; whoever looks for one byte finds half the memory. */
const mostHits = 100_000;
/** Milliseconds between two parts of an answer. */
const partTime = 100;

interface Found {
  start: bigint;
  length: number;
}

/** Searches a byte space; places come as they are found. Stops when nobody waits for them. */
export const answerFind: Handler<"find"> = async (
  { path, space, pattern },
  { checkpoints },
  { signal, part },
) => {
  const checkpoint = await checkpoints.get(path);
  const gathered = new Gathered();
  const progress = (bytes: number): void => {
    signal.throwIfAborted();
    gathered.searched += bytes;
    if (gathered.isDue) part(gathered.take());
  };
  const matcher = matcherOf(pattern);
  for await (const found of foundIn(checkpoint, space, matcher, gathered, progress)) {
    gathered.add(found);
    if (gathered.limited) break;
  }
  return gathered.take();
};

/** What was found and not told yet. */
class Gathered {
  searched = 0;
  total = 0;
  limited = false;
  #held: Found[] = [];
  #told = 0;
  #last = Date.now();

  get isDue(): boolean {
    return Date.now() - this.#last >= partTime;
  }

  add(found: readonly Found[]): void {
    const room = mostHits - this.#told - this.#held.length;
    this.#held.push(...found.slice(0, room));
    this.limited = found.length >= room;
  }

  take(): SearchPart {
    const found = this.#held.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    const { searched, total, limited } = this;
    this.#told += found.length;
    this.#held = [];
    this.#last = Date.now();
    return {
      starts: BigUint64Array.from(found, ({ start }) => start),
      lengths: Uint32Array.from(found, ({ length }) => length),
      searched: Math.min(searched, total),
      total,
      limited,
    };
  }
}

function matcherOf({ kind, text }: SearchPattern): Matcher {
  if (kind === "hex") return literalMatcher(parseHexPattern(text));
  if (kind === "regex") return expressionMatcher(text);
  return literalMatcher(Buffer.from(text, kind === "utf16" ? "utf16le" : "utf8"));
}

async function* foundIn(
  checkpoint: Checkpoint,
  space: ByteSpace,
  matcher: Matcher,
  gathered: Gathered,
  progress: (bytes: number) => void,
): AsyncGenerator<Found[]> {
  if ("member" in space) {
    const source = await openMember(checkpoint, space.member);
    gathered.total = source.size;
    for await (const found of scanStream(source.stream(), watched(matcher, progress))) {
      yield found.map(({ offset, bytes }) => ({ start: BigInt(offset), length: bytes.length }));
    }
    return;
  }
  const process = await memoryOf(checkpoint, space.pid);
  const memory = await checkpoint.memory();
  const pids = new Set([space.pid]);
  for (const { length } of extents(memory, pids)) gathered.total += length;
  for await (const hits of search(memory, matcher, { pids, progress })) {
    yield hits.flatMap((hit) =>
      hit.sights.flatMap(({ address }): Found[] => {
        const found = { start: address, length: hit.length };
        return isSeen(process, hit, found) ? [found] : [];
      }),
    );
  }
}

/**
 * Does the process see there what was found in a page image? A page that it wrote itself hides
 * what the file or the shared memory behind it holds.
 */
export function isSeen(
  memory: ProcessMemory,
  { image, offset }: Pick<Hit, "image" | "offset">,
  { start, length }: Found,
): boolean {
  for (const segment of memory.segments(start, start + BigInt(length))) {
    const inside = Number(segment.address - start);
    if (segment.store?.image !== image || segment.offset !== offset + inside) return false;
  }
  return true;
}
