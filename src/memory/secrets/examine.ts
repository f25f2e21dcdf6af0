import { asBuffer } from "../../base/bytes.ts";
import { longestKeyword, shortestKeyword } from "../kernel/keyword-plan.ts";
import type { Candidate, Detector, Judgement } from "./detector.ts";
import { Asker, lookAround, probeOf, textStart } from "./probe.ts";
import { narrowed } from "./probe-matcher.ts";

/** What names a secret: a detector, or what knows it by the name that it stands behind. */
export type Namer = Pick<Detector, "id" | "title" | "group" | "severity">;

/** A secret at one place. Offsets of its first byte and of the first one behind it. */
export interface Sighted {
  by: Namer;
  judgement: Judgement;
  start: number;
  end: number;
  /** Its characters, and how many of the first are public: the prefix of its kind. */
  secret: string;
  prefix: number;
  encoding: "ascii" | "utf-16le";
}

/** Who knows which candidates need not be judged, by the detector's id and the secret's text. */
interface Enough {
  passes(kind: string, secret: string): boolean;
}

const never: Enough = { passes: () => false };

/** Characters that secrets of one's own detectors may take: their engine is slow. */
const ownPatience = 256 * 1024 * 1024;

interface Asked {
  detector: Detector;
  asker: Asker;
}

/** Looks closer at places where a keyword stands: which detectors know a secret there. */
export class Examiner {
  /** Characters that a secret may reach before and behind its keyword, with what is looked at. */
  readonly before: number;
  readonly behind: number;
  readonly #byStart = new Map<string, { keyword: string; asked: Asked[] }[]>();
  readonly #all: Asked[];
  #left = ownPatience;
  #last: Uint8Array | undefined;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(detectors: readonly Detector[]) {
    this.#all = detectors.map((detector) => ({
      detector,
      asker: new Asker(probeOf(detector), "d"),
    }));
    const probes = this.#all.map(({ asker }) => asker.probe);
    this.before = lookAround + Math.max(0, ...probes.map(({ lead }) => lead));
    this.behind = Math.max(
      longestKeyword,
      lookAround + Math.max(0, ...probes.map(({ longest }) => longest)),
    );
    for (const asked of this.#all) {
      for (const keyword of asked.asker.probe.keywords) this.#register(keyword, asked);
    }
  }

  /** Before another archive. */
  rest(): void {
    this.#last = undefined;
    this.#left = ownPatience;
  }

  /** True where one's own detectors have taken so long that they were not asked everywhere. */
  get exhausted(): boolean {
    return this.#left < 0;
  }

  /**
   * What is known of the bytes at `at`, in either encoding; the offsets are those in `bytes`, which
   * have to be another object where they are other bytes.
   */
  at(bytes: Uint8Array, at: number, enough: Enough = never): Sighted[] {
    if (bytes !== this.#last) this.#bytes = asBuffer(bytes);
    this.#last = bytes;
    const found = this.#in(this.#bytes, at, enough);
    if (found.length > 0 || bytes[at + 1] !== 0) return found;
    const start = at - 2 * Math.min(this.before, at >> 1);
    const narrow = wideText(bytes, start, at, Math.min(bytes.length, at + 2 * this.behind));
    const shift = (place: number): number => narrow.start + 2 * place;
    return this.#in(narrow.text, (at - narrow.start) / 2, enough).map((one) => ({
      ...one,
      start: shift(one.start),
      end: shift(one.end),
      encoding: "utf-16le" as const,
    }));
  }

  #register(keyword: string, asked: Asked): void {
    const start = keyword.slice(0, shortestKeyword);
    const list = this.#byStart.get(start) ?? [];
    const known = list.find((entry) => entry.keyword === keyword);
    if (known === undefined) list.push({ keyword, asked: [asked] });
    else if (!known.asked.includes(asked)) known.asked.push(asked);
    this.#byStart.set(start, list);
  }

  #in(bytes: Buffer, at: number, enough: Enough): Sighted[] {
    const text = bytes.toString("latin1", at, at + longestKeyword).toLowerCase();
    const found: Sighted[] = [];
    for (const { keyword, asked } of this.#byStart.get(text.slice(0, shortestKeyword)) ?? []) {
      if (!text.startsWith(keyword)) continue;
      for (const { detector, asker } of asked) {
        const match =
          detector.find === undefined
            ? matchOf(asker, bytes, at, keyword.length)
            : this.#own(detector, bytes, at, keyword.length);
        if (match === undefined || enough.passes(detector.id, match.secret)) continue;
        const sighted = judged(detector, match, at - match.start, keyword.length);
        if (sighted !== undefined) found.push(sighted);
      }
    }
    return found;
  }

  /** Asks a detector that brings a search of its own. */
  #own(detector: Detector, bytes: Buffer, at: number, length: number): Matched | undefined {
    const { lead = detector.longest, longest } = detector;
    const from = textStart(bytes, at, lead + lookAround);
    const most = bytes.toString("latin1", from, at + longest + lookAround);
    const nul = most.indexOf("\0");
    const text = nul === -1 ? most : most.slice(0, nul);
    this.#left -= text.length;
    if (this.#left < 0) return undefined;
    for (let next = Math.max(0, at - lead - from); from + next <= at; ) {
      const match = detector.find?.(text, next);
      if (match === undefined || from + match.index > at) return undefined;
      const start = from + match.index;
      const { match: whole, groups } = match;
      if (start + whole.length >= at + length && whole.length <= longest) {
        const secret = groups["secret"] ?? whole;
        const inside = Math.max(0, whole.indexOf(secret));
        return { start, match: whole, groups, secret, inside };
      }
      next = match.index + Math.max(1, whole.length);
    }
    return undefined;
  }
}

interface Matched extends Candidate {
  start: number;
  /** Where the secret begins in the match. */
  inside: number;
}

function matchOf(asker: Asker, bytes: Buffer, at: number, length: number): Matched | undefined {
  asker.take(bytes);
  const answer = asker.ask(at, length);
  if (answer === undefined || answer === "exhausted") return undefined;
  const { exec, start } = answer;
  const groups = exec.groups ?? {};
  const whole = exec[0];
  const inside = exec.indices?.groups?.["secret"]?.[0] ?? exec.index;
  return {
    start,
    match: whole,
    groups,
    secret: groups["secret"] ?? whole,
    inside: inside - exec.index,
  };
}

/** The characters that stand around a keyword in UTF-16, as far as they are ASCII. */
function wideText(
  bytes: Uint8Array,
  least: number,
  at: number,
  most: number,
): { text: Buffer; start: number } {
  const isWide = (place: number): boolean => {
    const low = bytes[place] as number;
    return bytes[place + 1] === 0 && ((low >= 0x20 && low < 0x7f) || (low >= 9 && low <= 13));
  };
  let start = at;
  while (start - 2 >= least && isWide(start - 2)) start -= 2;
  let end = at;
  while (end + 2 <= most && isWide(end)) end += 2;
  return { text: narrowed(bytes, start, end), start };
}

function judged(
  detector: Detector,
  { start, inside, match, secret, groups }: Matched,
  keywordAt: number,
  keywordLength: number,
): Sighted | undefined {
  const judgement =
    detector.judge === undefined
      ? ({ proof: "form" } as const)
      : detector.judge({ match, secret, groups });
  if (judgement === undefined || secret === "") return undefined;
  // A match that begins with its keyword and is secret from there on has a prefix that all know.
  const prefix = inside === 0 && keywordAt === 0 ? keywordLength : 0;
  const begin = start + inside;
  return {
    by: detector,
    judgement,
    start: begin,
    end: begin + secret.length,
    secret,
    prefix,
    encoding: "ascii",
  };
}
