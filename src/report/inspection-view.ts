import { isRemote } from "../base/remote-name.ts";
import { exactBytes, formatBytes, formatCount, formatMicroseconds } from "../base/units.ts";
import type { Inspection } from "../checkpoint/inspection.ts";
import { renderMemory, renderProcesses } from "./inspected-memory-view.ts";
import { renderProblems } from "./problems.ts";
import { indent, narrower } from "./sections.ts";
import { renderSizes } from "./size-view.ts";
import { plainStyle } from "./style.ts";
import { renderFields, renderTable, type TableOptions } from "./table.ts";

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
              { title: "SOURCE", cell: (it) => it.source ?? "", flexible: "middle" },
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
  if (archive.lockedDown === null) {
    return isRemote(archive.path)
      ? "? not on this machine: read as with --permissions any"
      : "? standard input has no permissions to check";
  }
  const who = archive.uid === 0 ? "root" : `uid ${archive.uid}`;
  return `${archive.lockedDown ? "✓" : "✗"} mode ${archive.mode}, owner ${who}`;
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
