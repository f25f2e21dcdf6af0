import { formatBytes, formatCount, formatMicroseconds } from "../base/units.ts";
import type { ContentKind } from "../checkpoint/content.ts";
import type { InspectedProcess, Inspection } from "../checkpoint/inspection.ts";
import { renderProblems } from "./problems.ts";
import { indent, narrower } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import { type Column, renderFields, renderTable, type TableOptions } from "./table.ts";
import { treePrefixes } from "./tree.ts";

/** Sections of `inspect`, in the order in which they are shown. */
export const inspectionSections = [
  "container",
  "archive",
  "runtime",
  "sizes",
  "statistics",
  "processes",
  "memory",
  "mounts",
  "network",
  "annotations",
  "rootfs",
  "problems",
] as const;

export type InspectionSection = (typeof inspectionSections)[number];

/** Shown where nobody asks for sections: what costs extra is left out. */
export const defaultSections: readonly InspectionSection[] = inspectionSections.filter(
  (section) => section !== "rootfs",
);

type Render = (inspection: Inspection, options: TableOptions) => string;

/** Renders the chosen sections for people. Empty sections are left out. */
export function renderInspection(
  inspection: Inspection,
  sections: readonly InspectionSection[],
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  const blocks: string[] = [];
  for (const section of inspectionSections) {
    if (!sections.includes(section)) continue;
    const body = renderers[section](inspection, options);
    if (body !== "") blocks.push(`${style.bold(titles[section])}\n${body}`);
  }
  return blocks.join("\n");
}

const titles: Record<InspectionSection, string> = {
  container: "Container",
  archive: "Archive",
  runtime: "Runtime",
  sizes: "What fills it",
  statistics: "Dump",
  processes: "Processes",
  memory: "Memory",
  mounts: "Mounts",
  network: "Network",
  annotations: "Annotations",
  rootfs: "Root file system",
  problems: "Problems",
};

const renderers: Record<InspectionSection, Render> = {
  container: ({ container: it }, options) =>
    fields(
      [
        ["Name", it.name],
        ["Pod", it.pod === null ? null : `${it.namespace ?? "?"}/${it.pod}`],
        ["Pod uid", it.podUid],
        ["Id", it.id],
        ["Image", it.image],
        ["Image ref", it.imageRef === it.imageId ? null : it.imageRef],
        ["Image id", it.imageId],
        ["Created", it.createdAt],
        ["Checkpointed", it.checkpointedAt],
        ["Restored", it.restored === true ? (it.restoredAt ?? "yes") : null],
      ],
      options,
    ),
  archive: ({ archive: it }, options) =>
    fields(
      [
        ["Path", it.path],
        ["Size", it.sizeBytes === null ? null : exactBytes(it.sizeBytes)],
        ["Compression", it.compression],
        ["Members", formatCount(it.members)],
        ["Locked down", lockedDown(it)],
      ],
      options,
    ),
  runtime: ({ runtime: it, criu }, options) =>
    fields(
      [
        ["Engine", it.engine],
        ["OCI runtime", it.ociRuntime],
        ["Evidence", it.evidence.length === 0 ? "none" : it.evidence.join("; ")],
        [
          "Image format",
          criu.imageVersion === null ? null : `CRIU images, version ${criu.imageVersion}`,
        ],
        ["Architecture", criu.architecture],
        ["Page size", formatBytes(criu.pageSize)],
        ["LSM", criu.lsm],
        ["Run id", criu.runId],
      ],
      options,
    ),
  sizes: ({ sizes }, { style }) => renderSizes(sizes, style ?? plainStyle),
  statistics: renderStatistics,
  processes: ({ processes }, options) => renderProcesses(processes, options),
  memory: renderMemory,
  mounts: ({ mounts }, options) =>
    mounts.length === 0
      ? ""
      : indent(
          renderTable(
            mounts,
            [
              { title: "DESTINATION", cell: (it) => it.destination },
              { title: "TYPE", cell: (it) => it.type ?? "" },
              { title: "SOURCE", cell: (it) => it.source ?? "", flexible: true },
              { title: "OPTIONS", cell: (it) => it.options.join(","), wide: true },
            ],
            narrower(options),
          ),
        ),
  network: ({ network: it }, options) =>
    fields(
      [
        ["Host name", it.hostname],
        ...it.interfaces.map((entry): [string, string] => [
          entry.name,
          `${entry.addresses.join(", ") || "no address"}  ${entry.mac ?? ""}  network ${entry.network}`,
        ]),
      ],
      options,
    ),
  annotations: ({ annotations, labels }, options) =>
    fields([...Object.entries(annotations), ...Object.entries(labels)], options),
  rootfs: renderRootfs,
  problems: ({ problems }, { style }) => renderProblems(problems, style),
};

function lockedDown(archive: Inspection["archive"]): string {
  if (archive.lockedDown === null) return "? standard input has no permissions to check";
  const who = archive.uid === 0 ? "root" : `uid ${archive.uid}`;
  return `${archive.lockedDown ? "✓" : "✗"} mode ${archive.mode}, owner ${who}`;
}

const sizeTitles: [ContentKind, string][] = [
  ["pages", "memory"],
  ["image", "images"],
  ["rootfs", "rootfs"],
  ["volume", "volumes"],
  ["log", "logs"],
  ["metadata", "metadata"],
  ["other", "other"],
];

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of `columns` columns, drawn in eighths. */
export function bar(share: number, columns: number): string {
  const parts = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

function renderSizes(sizes: Inspection["sizes"], style: Style): string {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  if (total === 0) return "";
  const rows = sizeTitles.filter(([kind]) => sizes[kind] > 0);
  rows.sort(([a], [b]) => sizes[b] - sizes[a]);
  return rows
    .map(([kind, title]) => {
      const share = sizes[kind] / total;
      const percent = `${(share * 100).toFixed(1)} %`.padStart(7);
      const size = formatBytes(sizes[kind]).padStart(10);
      return `  ${style.dim(title.padEnd(8))} ${size} ${percent}  ${style.accent(bar(share, 40))}\n`;
    })
    .join("");
}

function renderStatistics({ criu }: Inspection, options: TableOptions): string {
  const it = criu.dumpStatistics;
  if (it === null) return "";
  const lines: (readonly [string, string | null])[] = [
    [
      "Frozen for",
      `${formatMicroseconds(it.frozenTime)} (freezing took ${formatMicroseconds(it.freezingTime)})`,
    ],
    [
      "Memory dump",
      `${formatMicroseconds(it.memdumpTime)} (writing took ${formatMicroseconds(it.memwriteTime)})`,
    ],
    [
      "Pages",
      `${formatCount(it.pagesWritten)} written of ${formatCount(it.pagesScanned)} scanned` +
        (it.pagesSkippedParent > 0
          ? `, ${formatCount(it.pagesSkippedParent)} in a parent dump`
          : "") +
        (it.pagesLazy > 0 ? `, ${formatCount(it.pagesLazy)} lazy` : ""),
    ],
    [
      "Shared pages",
      it.sharedPagesScanned === undefined || it.sharedPagesScanned === 0
        ? null
        : `${formatCount(it.sharedPagesWritten ?? 0)} written of ${formatCount(it.sharedPagesScanned)} scanned`,
    ],
  ];
  return fields(lines, options);
}

function renderProcesses(processes: readonly InspectedProcess[], options: TableOptions): string {
  if (processes.length === 0) return "";
  const depths = depthOf(processes);
  const prefixes = treePrefixes(depths.map((depth) => ({ depth })));
  const rows = processes.map((process, at) => ({ process, prefix: prefixes[at] ?? "" }));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "PID", align: "right", cell: ({ process }) => `${process.pid}` },
    { title: "PPID", align: "right", cell: ({ process }) => `${process.ppid}`, wide: true },
    { title: "STATE", cell: ({ process }) => stateOf(process) },
    { title: "THREADS", align: "right", cell: ({ process }) => `${process.threads.length}` },
    { title: "MEMORY", align: "right", cell: ({ process }) => memoryOf(process) },
    {
      title: "COMMAND",
      cell: ({ process, prefix }) => prefix + commandOf(process),
      flexible: true,
    },
  ];
  return indent(renderTable(rows, columns, narrower(options)));
}

function depthOf(processes: readonly InspectedProcess[]): number[] {
  const depths = new Map<number, number>();
  return processes.map(({ pid, ppid }) => {
    const parent = pid === ppid ? undefined : depths.get(ppid);
    const depth = parent === undefined ? 0 : parent + 1;
    depths.set(pid, depth);
    return depth;
  });
}

function stateOf({ state, exitCode, exitSignal }: InspectedProcess): string {
  if (exitSignal !== null) return `${state} (signal ${exitSignal})`;
  return exitCode === null ? state : `${state} (exit ${exitCode})`;
}

function memoryOf({ state, dumpedBytes, parentPages, lazyPages }: InspectedProcess): string {
  if (state === "zombie") return "–";
  const elsewhere = parentPages + lazyPages > 0 ? " +" : "";
  return `${formatBytes(dumpedBytes)}${elsewhere}`;
}

/** The command line, or `[comm]` as `ps` shows it where the arguments are not in the dump. */
export function commandOf({ command, comm }: InspectedProcess): string {
  if (command !== null && command.length > 0) return command.join(" ");
  return `[${comm ?? "?"}]`;
}

function renderMemory({ memory, processes }: Inspection, options: TableOptions): string {
  if (memory.pageImages.length === 0) return "";
  const comms = new Map(processes.map(({ pid, comm }) => [pid, comm]));
  const columns: Column<Inspection["memory"]["pageImages"][number]>[] = [
    { title: "IMAGE", cell: (it) => it.member },
    {
      title: "OF",
      cell: (it) =>
        it.pid !== null
          ? `pid ${it.pid} ${comms.get(it.pid) ?? ""}`.trimEnd()
          : it.shmid !== null
            ? `shared memory ${it.shmid}`
            : "no page table",
    },
    { title: "PAGES", align: "right", cell: (it) => formatCount(it.pages) },
    { title: "SIZE", align: "right", cell: (it) => formatBytes(it.bytes) },
  ];
  const table = renderTable(memory.pageImages, columns, narrower(options));
  return `${indent(table)}  ${exactBytes(memory.pageBytes)} of pages in all\n`;
}

function renderRootfs({ rootfs }: Inspection, options: TableOptions): string {
  if (rootfs === undefined) return "";
  const style = options.style ?? plainStyle;
  const rows = [
    ...rootfs.changed.map((it) => ({
      sign: "+",
      mode: it.mode,
      size: it.type === "file" ? formatBytes(it.sizeBytes) : it.type,
      path: it.linkName === undefined ? it.path : `${it.path} -> ${it.linkName}`,
    })),
    ...rootfs.deleted.map((path) => ({ sign: "-", mode: "", size: "", path })),
  ];
  const table = renderTable(
    rows,
    [
      { title: "", cell: (it) => it.sign },
      { title: "MODE", cell: (it) => it.mode },
      { title: "SIZE", align: "right", cell: (it) => it.size },
      { title: "PATH", cell: (it) => it.path },
    ],
    narrower(options),
  );
  const notes = rootfs.notes.map((message) => ({ severity: "note" as const, code: "", message }));
  return `${rows.length === 0 ? "  nothing changed\n" : indent(table)}${renderProblems(notes, style)}`;
}

function fields(
  lines: readonly (readonly [string, string | null])[],
  options: TableOptions,
): string {
  const present = lines.filter((line): line is [string, string] => line[1] !== null);
  return renderFields(present, options);
}

function exactBytes(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}
