import type { Archive } from "../../../archive/archive.ts";
import { type Extracted, type ExtractOptions, Extractor } from "../../../archive/extract.ts";
import { canonicalName, nameHazard, type TarMember } from "../../../archive/member.ts";
import { apiVersion } from "../../../base/document.ts";
import { UsageError } from "../../../base/errors.ts";
import { quote } from "../../../base/shell.ts";
import { sanitize } from "../../../base/text.ts";
import { formatBytes } from "../../../base/units.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { type Column, renderTable } from "../../../report/table.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { verdict } from "../../verdict.ts";
import { extractDeleted } from "./deleted.ts";
import { parseSelections, type Selection } from "./select.ts";

export interface ExtractCommandOptions extends CommonOptions {
  directory: string;
  stdout?: boolean;
  sameMode?: boolean;
  sameOwner?: boolean;
  links: "skip" | "keep";
  deleted?: boolean;
}

export async function runExtract(
  path: string,
  patterns: readonly string[],
  options: ExtractCommandOptions,
  io: Io,
): Promise<number> {
  checkWords(patterns, options);
  const selections = await parseSelections(patterns);
  const checkpoint = await openTarget(path, options, io);
  try {
    if (options.stdout === true) return await toStdout(checkpoint, selections, io);
    return await toFiles(checkpoint, selections, options, io);
  } finally {
    await checkpoint.close();
  }
}

function checkWords(patterns: readonly string[], options: ExtractCommandOptions): void {
  const next = "cryoscope extract --help";
  if (options.deleted !== true) {
    if (patterns.length > 0) return;
    throw new UsageError({ what: "missing required argument 'pattern'", next });
  }
  if (patterns.length === 0 && options.stdout !== true) return;
  const other = options.stdout === true ? "--stdout" : "patterns";
  throw new UsageError({
    what: `--deleted and ${other} exclude each other`,
    allowed: "--deleted alone, which takes all deleted files",
    next,
  });
}

async function toFiles(
  checkpoint: Checkpoint,
  selections: readonly Selection[],
  options: ExtractCommandOptions,
  io: Io,
): Promise<number> {
  const progress = new Progress(io, "writing", options.quiet === true);
  let bytes = 0;
  const extractOptions: ExtractOptions = {
    sameMode: options.sameMode === true,
    sameOwner: options.sameOwner === true,
    links: options.links,
    partial: io.partial,
    progress: (length) => {
      bytes += length;
      progress.pass({ read: bytes, total: undefined });
    },
  };
  const items =
    options.deleted === true
      ? await extractDeleted(checkpoint, options.directory, extractOptions)
      : await extractSelected(checkpoint, selections, options.directory, extractOptions);
  await progress.end();
  await printResult(
    { apiVersion, kind: "ExtractResult", directory: options.directory, items },
    (table) => {
      if (options.quiet !== true) return renderTable(items, columns, table);
      const written = items.filter(({ status }) => status === "written");
      return written.map(({ name }) => `${sanitize(name)}\n`).join("");
    },
    options,
    io,
  );
  if (items.some(({ status }) => status === "failed")) {
    await verdict(checkpoint.problems, io);
    return exitCodes.archive;
  }
  return items.some(({ status }) => status === "refused") ? exitCodes.refused : exitCodes.fine;
}

async function extractSelected(
  checkpoint: Checkpoint,
  selections: readonly Selection[],
  directory: string,
  options: ExtractOptions,
): Promise<Extracted[]> {
  const extractor = new Extractor(directory, options);
  const items: Extracted[] = [];
  await forEachSelected(checkpoint, selections, async (archive, member) => {
    items.push(await extractor.extract(archive, member));
  });
  return items;
}

const columns: Column<Extracted>[] = [
  { title: "RESULT", cell: ({ status }) => status },
  {
    title: "SIZE",
    align: "right",
    cell: (it) => (it.status === "written" ? formatBytes(it.sizeBytes) : ""),
  },
  { title: "NAME", cell: ({ name }) => name },
  { title: "REASON", cell: ({ reason }) => reason ?? "" },
];

async function toStdout(
  checkpoint: Checkpoint,
  selections: readonly Selection[],
  io: Io,
): Promise<number> {
  if (io.out.isTTY) {
    throw new UsageError({
      what: "memory and logs hold terminal escapes, so members are not written to a terminal",
      next: "send it to a file or a program: … | less, … > FILE",
    });
  }
  const chosen: string[] = [];
  await forEachSelected(checkpoint, selections, async (_archive, { name, type }) => {
    if (type !== "directory") chosen.push(name);
  });
  // Known before the first byte is out, so that nobody takes a part for the whole.
  if (chosen.length !== 1) {
    throw new UsageError({
      what: `--stdout takes one member, and the patterns name ${chosen.length === 0 ? "folders only" : "several"}`,
      ...(chosen.length === 0 ? {} : { found: chosen.slice(0, 5).join(", ") }),
      next: "name one member, or leave --stdout out",
    });
  }
  await forEachSelected(checkpoint, selections, async (archive, member) => {
    if (member.type === "directory") return;
    for await (const chunk of archive.open(member).stream()) {
      if (!(await io.out.write(chunk))) return;
    }
  });
  return exitCodes.fine;
}

type Visit = (archive: Archive, member: TarMember) => Promise<void>;

/** Visits every selected member, the one that counts of each name, outer archives first. */
async function forEachSelected(
  checkpoint: Checkpoint,
  selections: readonly Selection[],
  visit: Visit,
): Promise<void> {
  const used = new Set<Selection>();
  for (const member of selectable(checkpoint.archive)) {
    const matching = selections.filter(({ outer }) => outer(member.name));
    const whole = matching.filter(({ inner }) => inner === undefined);
    if (whole.length > 0) await visit(checkpoint.archive, member);
    for (const selection of whole) used.add(selection);
    const inside = matching.filter(({ inner }) => inner !== undefined);
    if (inside.length === 0 || member.type !== "file") continue;
    for (const hit of await visitNested(checkpoint, member, inside, visit)) used.add(hit);
  }
  const unused = selections.find((selection) => !used.has(selection));
  if (unused !== undefined) {
    throw new UsageError({
      what: `no member matches ${JSON.stringify(unused.pattern)}`,
      next: `see what there is: cryoscope images --nested ${quote(checkpoint.archive.path)}`,
    });
  }
}

/** Visits members of an archive inside the archive; returns the selections that found something. */
async function visitNested(
  checkpoint: Checkpoint,
  member: TarMember,
  selections: readonly Selection[],
  visit: Visit,
): Promise<Set<Selection>> {
  const used = new Set<Selection>();
  const nested = await checkpoint.nested(member);
  for (const entry of selectable(nested)) {
    const chosen = selections.filter(({ inner }) => inner?.(entry.name));
    for (const selection of chosen) used.add(selection);
    if (chosen.length > 0) await visit(nested, entry);
  }
  await nested.close();
  return used;
}

function selectable(archive: Archive): TarMember[] {
  return archive.members.filter((member) => {
    // Hostile names are visited too, so that their refusal is seen.
    if (nameHazard(member.name) !== undefined) return true;
    return member.type === "directory" || archive.find(canonicalName(member.name)) === member;
  });
}
