import { formatBytes, formatCount, formatMicroseconds } from "../../../../base/units.ts";
import type { ContentKind } from "../../../../checkpoint/content.ts";
import type { Inspection } from "../../../../checkpoint/inspection.ts";
import { bar, percent } from "../../../view/bar.ts";
import {
  emptyLine,
  fitted,
  type Line,
  line,
  type Span,
  span,
  truncate,
  truncateMiddle,
} from "../../../view/line.ts";

type Field = readonly [label: string, value: string | null];

/** What a responder asks first, for a window of so many columns. */
export function summaryLines(inspection: Inspection, columns: number): Line[] {
  return [
    emptyLine,
    ...fields(identity(inspection), dump(inspection), columns),
    line(
      "  ",
      span(fitted("Evidence", labels), "dim"),
      truncate(inspection.runtime.evidence.join("; ") || "none", columns - labels - 3),
    ),
    emptyLine,
    ...filling(inspection, columns),
    ...problems(inspection, columns),
  ];
}

/** Whose it is. Name, runtime, time and size stand in the header. */
function identity({ container, archive, network, mounts }: Inspection): Field[] {
  return [
    ["Image", container.image],
    ["Image ref", container.imageRef],
    ["Pod uid", container.podUid],
    ["Container id", container.id],
    ["Created", container.createdAt],
    ["Restored", container.restored === true ? (container.restoredAt ?? "yes") : null],
    ["Host name", network.hostname],
    ["Mounts", `${mounts.length}`],
    ["Members", `${formatCount(archive.members)}, compression ${archive.compression}`],
    ["Locked", archive.lockedDown === null ? null : lock(archive)],
  ];
}

function lock({ lockedDown, mode, uid }: Inspection["archive"]): string {
  return `${lockedDown === true ? "✓" : "✗"} ${mode ?? "?"} uid ${uid ?? "?"}`;
}

function dump({ criu, runtime, memory, processes }: Inspection): Field[] {
  const statistics = criu.dumpStatistics;
  return [
    ["Runtime", [runtime.engine, runtime.ociRuntime].filter((it) => it !== null).join(" · ")],
    ["Processes", `${processes.length}`],
    ["Memory", formatBytes(memory.pageBytes)],
    ["Frozen for", statistics === null ? null : formatMicroseconds(statistics.frozenTime)],
    [
      "Pages",
      statistics === null
        ? null
        : `${formatCount(statistics.pagesWritten)} of ${formatCount(statistics.pagesScanned)} written`,
    ],
    ["Architecture", [criu.architecture, `pages of ${formatBytes(criu.pageSize)}`].join(", ")],
    ["CRIU images", criu.imageVersion === null ? null : `version ${criu.imageVersion}`],
    ["LSM", criu.lsm],
    ["Run id", criu.runId],
  ];
}

/** Two columns of fields where the window is wide enough, one below it. */
function fields(left: Field[], right: Field[], columns: number): Line[] {
  const known = (all: Field[]): Field[] => all.filter(([, value]) => value !== null);
  const [first, second] = [known(left), known(right)];
  if (columns < 76) {
    return [...first, ...second].map((field) => ({ spans: cell(field, columns - 2) }));
  }
  const half = Math.floor(columns * 0.53);
  return Array.from({ length: Math.max(first.length, second.length) }, (_, at) => ({
    spans: [...cell(first[at], half), ...cell(second[at], columns - half - 2)],
  }));
}

/** Columns of a label and the blank behind it. */
const labels = 14;

function cell(field: Field | undefined, columns: number): Span[] {
  if (field === undefined) return [{ text: " ".repeat(columns) }];
  const [label, value] = field;
  const room = columns - labels - 2;
  return [
    { text: "  " },
    span(fitted(label, labels), "dim"),
    { text: fitted(truncateMiddle(value ?? "", room), room) },
  ];
}

const kinds: Partial<Record<ContentKind, string>> = { pages: "memory" };

function filling({ sizes }: Inspection, columns: number): Line[] {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const rows = (Object.entries(sizes) as [ContentKind, number][])
    .filter(([, size]) => size > 0)
    .sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([kind]) => (kinds[kind] ?? kind).length)) + 2;
  const room = Math.max(4, columns - width - 26);
  return [
    line("  ", span("What fills it", "strong")),
    ...rows.map(([kind, size]) =>
      line(
        "  ",
        span(fitted(kinds[kind] ?? kind, width), "dim"),
        span(fitted(bar(size / total, room), room), "accent"),
        fitted(percent(size / total), 10, "right"),
        fitted(formatBytes(size), 12, "right"),
      ),
    ),
    emptyLine,
  ];
}

const signs = { error: "✗", warning: "!", note: "·" } as const;
const roles = { error: "danger", warning: "warning", note: "dim" } as const;

function problems({ problems: all }: Inspection, columns: number): Line[] {
  if (all.length === 0) return [line("  ", span("✓ no problems", "good"))];
  return [
    line("  ", span(`Problems ${all.length}`, "strong")),
    ...all.map(({ severity, message, where }) => {
      const member = where?.member === undefined ? "" : `  (${where.member})`;
      return line(
        "  ",
        span(`${signs[severity]} `, roles[severity]),
        truncate(`${message}${member}`, columns - 6),
      );
    }),
  ];
}
