import type { CheckpointDiff, DiffSection } from "../audit/diff/checkpoint-diff.ts";
import type { SideFacts } from "../audit/diff/identity.ts";
import { formatBytes, formatMicroseconds } from "../base/units.ts";
import { type DiffEntry, renderEntries } from "./diff/entries.ts";
import { fileEntries } from "./diff/file-entries.ts";
import { memoryEntries, memoryNotes } from "./diff/memory-entries.ts";
import { Newcomers, processEntries } from "./diff/process-entries.ts";
import {
  descriptorEntries,
  findingEntries,
  mountEntries,
  namedEntries,
  socketEntries,
  variableEntries,
} from "./diff/section-entries.ts";
import { renderSections, type Section } from "./sections.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

const titles: Record<DiffSection, string> = {
  container: "Container",
  image: "Image",
  runtime: "Runtime",
  processes: "Processes",
  environment: "Environment",
  descriptors: "Descriptors",
  sockets: "Sockets",
  mounts: "Mounts",
  memory: "Memory",
  files: "Files",
  findings: "Findings",
};

/** Renders what differs for people, section by section; what is the same is left out. */
export function renderDiff(diff: CheckpointDiff, options: TableOptions): string {
  const { dim } = options.style ?? plainStyle;
  const sections = (Object.keys(titles) as DiffSection[]).map((section): Section => {
    const notes = section === "memory" && diff.memory !== null ? memoryNotes(diff.memory) : [];
    const entries = renderEntries(entriesOf(diff, section), options);
    return {
      title: titles[section],
      body: entries + notes.map((note) => `  ${dim(note)}\n`).join(""),
    };
  });
  const equal = diff.different ? "" : "No differences.\n";
  // What is merely odd about an archive is told by `inspect`, and stands in the document.
  const problems = diff.problems.filter(
    ({ severity, code }) => severity === "error" || code === "taken-for-parent" || options.wide,
  );
  const rest = renderSections(sections, problems, options);
  return [renderSides(diff, options), equal, rest].filter((block) => block !== "").join("\n");
}

/** Lines of `-q`: the sections that differ. */
export function quietDiff(diff: CheckpointDiff): string {
  return (Object.keys(titles) as DiffSection[])
    .filter((section) => entriesOf(diff, section).length > 0)
    .map((section) => `${section}\n`)
    .join("");
}

const sideColumns: Column<readonly [string, SideFacts]>[] = [
  { title: "", cell: ([sign]) => sign },
  {
    title: "CHECKPOINTED",
    // Fractions of a second help nobody to tell them apart.
    cell: ([, { checkpointedAt, preDump }]) =>
      preDump ? "pre-dump" : (checkpointedAt?.replace(/\.\d+/, "") ?? "–"),
  },
  {
    title: "MEMORY",
    align: "right",
    cell: ([, { pageBytes }]) => formatBytes(pageBytes),
  },
  {
    title: "FROZEN",
    align: "right",
    cell: ([, { frozenTime }]) => (frozenTime === null ? "–" : formatMicroseconds(frozenTime)),
  },
  { title: "ARCHIVE", cell: ([, { path }]) => path, flexible: "middle" },
];

function renderSides({ before, after }: CheckpointDiff, options: TableOptions): string {
  const rows = [["-", before] as const, ["+", after] as const];
  return renderTable(rows, sideColumns, options);
}

function entriesOf(diff: CheckpointDiff, section: DiffSection): DiffEntry[] {
  const newcomers = new Newcomers(diff);
  switch (section) {
    case "processes":
      return processEntries(diff);
    case "environment":
      return variableEntries(diff.environment ?? [], newcomers);
    case "descriptors":
      return descriptorEntries(diff.descriptors ?? [], newcomers);
    case "sockets":
      return socketEntries(diff.sockets ?? []);
    case "mounts":
      return mountEntries(diff.mounts ?? []);
    case "memory":
      return memoryEntries(diff.memory?.mappings ?? [], newcomers);
    case "files":
      return fileEntries(diff.files ?? []);
    case "findings":
      return findingEntries(diff.findings ?? []);
    default:
      return namedEntries(diff[section] ?? []);
  }
}
