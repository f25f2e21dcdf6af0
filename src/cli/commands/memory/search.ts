import { maskText } from "../../../base/mask.ts";
import { ProblemLog } from "../../../base/problem.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import { searchFiles } from "../../../memory/everywhere.ts";
import type { Sight } from "../../../memory/extents.ts";
import { search } from "../../../memory/search.ts";
import { exitCodes } from "../../exit-codes.ts";
import { beforeFetching, memoryBytes } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { verdict } from "../../verdict.ts";
import { chosenMatchers, type MatcherOptions } from "./matchers.ts";
import { type MemoryOptions, noteElsewhere, type OpenMemory, withMemory } from "./open.ts";
import { printStream } from "./stream.ts";

export interface SearchCommandOptions extends Omit<MemoryOptions, "output">, MatcherOptions {
  output: MemoryOptions["output"] | "jsonl";
  everywhere?: boolean;
  context: number;
  limit?: number;
}

export function runSearch(path: string, options: SearchCommandOptions, io: Io): Promise<number> {
  const matchers = chosenMatchers(options, io);
  const shared = { ...options, output: "json" as const };
  const reveal = options.reveal === true;
  return withMemory(path, shared, io, async (open) => {
    const reads = options.everywhere === true ? undefined : await memoryBytes(open.checkpoint);
    await beforeFetching(open.checkpoint, options, io, reads);
    const problems = new ProblemLog();
    const count = await printStream(
      allRows(open, matchers, options, problems),
      "SearchResult",
      (row) => rowDocument(row, reveal),
      (row) => `${place(row)}${source(row)}  ${preview(row, reveal)}\n`,
      options,
      io,
    );
    await noteElsewhere(open, shared, io);
    if (count === 0 && options.quiet !== true) await io.err.write("cryoscope: nothing found\n");
    const code = await verdict([...open.checkpoint.problems, ...problems.list()], io);
    return code === exitCodes.fine && count === 0 ? exitCodes.findings : code;
  });
}

/** Something found, in memory or in a file of the archive. */
interface Row {
  /** Who sees it in memory; undefined for what is in a file. */
  sights: Sight[] | undefined;
  member: string;
  /** How many dumps before this one it was dumped; 0 for files too. */
  parent: number;
  offset: number;
  before: Uint8Array;
  bytes: Uint8Array;
  after: Uint8Array;
}

async function* allRows(
  { checkpoint, memory }: OpenMemory,
  matchers: ReturnType<typeof chosenMatchers>,
  { pid, context, everywhere }: SearchCommandOptions,
  problems: ProblemLog,
): AsyncGenerator<Row[]> {
  for (const matcher of matchers) {
    const chosen = pid === undefined ? { context } : { context, pids: pid };
    for await (const hits of search(memory, matcher, chosen)) {
      yield hits;
    }
    if (everywhere !== true) continue;
    for await (const hits of searchFiles(checkpoint, matcher, context, problems)) {
      yield hits.map((hit) => ({ ...hit, sights: undefined, parent: 0 }));
    }
  }
}

function rowDocument(row: Row, reveal: boolean): object {
  const [first, ...others] = row.sights ?? [];
  return {
    pid: first?.pid ?? null,
    address: first === undefined ? null : hex(first.address),
    mapping: first?.mapping?.name ?? null,
    member: row.member,
    parent: row.parent,
    offset: row.offset,
    length: row.bytes.length,
    also: others.map(({ pid, address }) => ({ pid, address: hex(address) })),
    text: preview(row, reveal),
    // Memory around a hit is shown as it is only to those who ask for it.
    ...(reveal ? { context: contextBytes(row).toString("base64") } : {}),
  };
}

function place({ sights }: Row): string {
  if (sights === undefined) return "";
  if (sights.length === 0) return "shared, not mapped  ";
  const shown = sights.map(({ pid, address }) => `pid ${pid} ${hex(address)}`).join(", ");
  const name = sights[0]?.mapping?.name ?? "";
  return name === "" ? `${shown}  ` : `${shown} ${sanitize(name)}  `;
}

/** `pages-1.img+4096`; of a page that was left in a parent dump, how many dumps ago. */
function source({ member, offset, parent }: Row): string {
  const where = `${sanitize(member)}+${offset}`;
  return parent === 0 ? where : `${where} of parent ${parent}`;
}

function contextBytes({ before, bytes, after }: Row): Buffer {
  return Buffer.concat([before, bytes, after]);
}

/** Printable bytes around a hit; what looks like a secret of its own is masked. */
function preview(row: Row, reveal: boolean): string {
  const text = contextBytes(row)
    .toString("latin1")
    .replace(/[^\x20-\x7e]+/g, " · ");
  return reveal ? text : maskText(text);
}
