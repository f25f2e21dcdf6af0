import type { ArchiveDetails, MemoryKind, MemoryShare } from "../../audit/details.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { ContentKind } from "../../checkpoint/content.ts";
import { type BarPart, bar, legend, total } from "./bar.ts";
import { type Html, html, type Part } from "./markup.ts";

const kinds: Readonly<Record<MemoryKind, readonly [name: string, fill: string]>> = {
  heap: ["heap", "fill1"],
  stack: ["stack", "fill2"],
  anonymous: ["anonymous", "fill3"],
  executable: ["anonymous, executable", "fill4"],
  file: ["changed pages of files", "fill5"],
  other: ["other", "fill6"],
};
const sharedName = "shared";
const sharedFill = "fill7";

const contents: Readonly<Record<ContentKind, readonly [name: string, fill: string]>> = {
  pages: ["memory", "fill1"],
  rootfs: ["root file system", "fill2"],
  volume: ["volumes", "fill3"],
  image: ["CRIU images", "fill5"],
  metadata: ["metadata", "fill7"],
  log: ["logs", "fill4"],
  other: ["other", "fill6"],
};

/** Rows that are drawn at once; the others are folded. */
const rowsShown = 16;

/** What fills the archive: one bar. */
export function sizesPart({ sizes }: ArchiveDetails): Html {
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const parts = Object.entries(contents).map(([kind, [name, fill]]) => {
    const size = sizes[kind as ContentKind];
    return { name, fill, size, told: `${formatBytes(size)}, ${percent(size, all)}` };
  });
  const some = parts.filter(({ size }) => size > 0);
  if (some.length === 0) return html``;
  return html`<section><h3>What fills the archive</h3>${bar(some)}${legend(some)}</section>`;
}

/** Pages of each process by what they are for, on one scale, and those that processes share. */
export function memoryPart({ memory, sharedBytes }: ArchiveDetails): Html {
  const rows = memory.items
    .map((share) => ({ share, parts: partsOf(share) }))
    .filter(({ parts }) => total(parts) > 0)
    .sort((a, b) => total(b.parts) - total(a.parts) || a.share.pid - b.share.pid);
  if (rows.length === 0 && sharedBytes === 0) return html``;
  const whole = Math.max(sharedBytes, ...rows.map(({ parts }) => total(parts)));
  const drawn = rows.map(({ share, parts }) => memoryRow(nameOf(share), parts, whole));
  if (sharedBytes > 0)
    drawn.push(memoryRow(html`shared by processes`, [sharedPart(sharedBytes)], whole));
  const used = [
    ...rows.flatMap(({ parts }) => parts),
    ...(sharedBytes > 0 ? [sharedPart(sharedBytes)] : []),
  ];
  const sum = total(used);
  const rest = drawn.slice(rowsShown);
  return html`<section><h3>Memory <small>${formatBytes(sum)} in page images, by what it is for</small></h3>
${legend(byName(used))}${memoryTable(drawn.slice(0, rowsShown))}
${rest.length > 0 && html`<details class="fold"><summary>${formatCount(rest.length)} more</summary>${memoryTable(rest)}</details>`}
${memory.more > 0 && html`<p class="dim">${formatCount(memory.more)} further processes are not drawn</p>`}</section>`;
}

function memoryTable(rows: readonly Html[]): Html {
  return html`<table class="memory"><thead><tr><th scope="col">Process</th><th scope="col">Pages</th><th scope="col" class="number">Size</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function memoryRow(name: Part, parts: readonly BarPart[], whole: number): Html {
  return html`<tr><th scope="row">${name}</th><td>${bar(parts, whole)}</td><td class="number">${formatBytes(total(parts))}</td></tr>`;
}

function nameOf({ pid, comm }: MemoryShare): Html {
  return html`<span class="pid">${pid}</span> ${comm}`;
}

function partsOf({ bytes }: MemoryShare): BarPart[] {
  return Object.entries(kinds)
    .map(([kind, [name, fill]]) => {
      const size = bytes[kind as MemoryKind];
      return { name, fill, size, told: formatBytes(size) };
    })
    .filter(({ size }) => size > 0);
}

function sharedPart(size: number): BarPart {
  return { name: sharedName, fill: sharedFill, size, told: formatBytes(size) };
}

/** The sums of parts of a name, in the order of the kinds. */
function byName(parts: readonly BarPart[]): BarPart[] {
  const order = [...Object.values(kinds), [sharedName, sharedFill] as const];
  return order
    .map(([name, fill]) => {
      const size = total(parts.filter((part) => part.name === name));
      return { name, fill, size, told: formatBytes(size) };
    })
    .filter(({ size }) => size > 0);
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}
