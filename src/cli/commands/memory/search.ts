import { UsageError } from "../../../base/errors.ts";
import { maskText } from "../../../base/mask.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import {
  expressionMatcher,
  literalMatcher,
  type Matcher,
  parseHexPattern,
} from "../../../memory/matcher.ts";
import { type Hit, search } from "../../../memory/search.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, type OpenMemory, withMemory } from "./open.ts";
import { printStream } from "./stream.ts";

export interface SearchCommandOptions extends Omit<MemoryOptions, "output"> {
  output: MemoryOptions["output"] | "jsonl";
  text?: string;
  hex?: string;
  regex?: string;
  ignoreCase?: boolean;
  utf16?: boolean;
  context: number;
  limit?: number;
}

export function runSearch(path: string, options: SearchCommandOptions, io: Io): Promise<number> {
  const matchers = chosenMatchers(options);
  const shared = { ...options, output: "json" as const };
  return withMemory(path, shared, io, async (open) => {
    const show = presenter(open, options);
    const hits = allHits(open, matchers, options);
    const count = await printStream(hits, "SearchResult", show.document, show.line, options, io);
    if (count === 0 && options.quiet !== true) await io.err.write("cryoscope: nothing found\n");
    const code = await verdict(open.checkpoint.problems, io);
    return code === exitCodes.fine && count === 0 ? exitCodes.findings : code;
  });
}

async function* allHits(
  { memory }: OpenMemory,
  matchers: readonly Matcher[],
  { pid, context }: SearchCommandOptions,
): AsyncGenerator<Hit[]> {
  for (const matcher of matchers) {
    yield* search(memory, matcher, { context, ...(pid === undefined ? {} : { pids: pid }) });
  }
}

function chosenMatchers(options: SearchCommandOptions): Matcher[] {
  const given = [options.text, options.hex, options.regex].filter((word) => word !== undefined);
  if (given.length !== 1) {
    throw new UsageError({
      what:
        given.length === 0
          ? "nothing to search for is named"
          : "two things to search for are named",
      allowed: "one of --text, --hex and --regex",
    });
  }
  if (options.hex !== undefined) return [literalMatcher(parseHexPattern(options.hex))];
  if (options.regex !== undefined) return [expressionMatcher(options.regex, options.ignoreCase)];
  const text = options.text as string;
  const encodings: BufferEncoding[] = options.utf16 === true ? ["utf8", "utf16le"] : ["utf8"];
  return encodings.map((encoding) => {
    const bytes = Buffer.from(text, encoding);
    return options.ignoreCase === true
      ? expressionMatcher(escapeBytes(bytes), true)
      : literalMatcher(bytes);
  });
}

/** Bytes as a regular expression that finds them. */
function escapeBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

interface Presenter {
  document: (hit: Hit) => object;
  line: (hit: Hit) => string;
}

function presenter({ checkpoint }: OpenMemory, options: SearchCommandOptions): Presenter {
  const member = (image: string): string => checkpoint.images?.label(image) ?? image;
  const reveal = options.reveal === true;
  return {
    document: (hit) => {
      const [first] = hit.sights;
      return {
        pid: first?.pid ?? null,
        address: first === undefined ? null : hex(first.address),
        mapping: first?.mapping?.name ?? null,
        member: member(hit.image),
        offset: hit.offset,
        length: hit.length,
        also: hit.sights.slice(1).map(({ pid, address }) => ({ pid, address: hex(address) })),
        text: preview(hit, reveal),
        // Memory around a hit is shown as it is only to those who ask for it.
        ...(reveal ? { context: contextBytes(hit).toString("base64") } : {}),
      };
    },
    line: (hit) =>
      `${sightsText(hit)}  ${member(hit.image)}+${hit.offset}  ${preview(hit, reveal)}\n`,
  };
}

function sightsText({ sights }: Hit): string {
  if (sights.length === 0) return "shared, not mapped";
  const shown = sights.map(({ pid, address }) => `pid ${pid} ${hex(address)}`).join(", ");
  const name = sights[0]?.mapping?.name ?? "";
  return name === "" ? shown : `${shown} ${sanitize(name)}`;
}

function contextBytes({ before, bytes, after }: Hit): Buffer {
  return Buffer.concat([before, bytes, after]);
}

/** Printable bytes around a hit; what looks like a secret of its own is masked. */
function preview(hit: Hit, reveal: boolean): string {
  const text = contextBytes(hit)
    .toString("latin1")
    .replace(/[^\x20-\x7e]+/g, " · ");
  return reveal ? text : maskText(text);
}
