import { formatBytes } from "../base/units.ts";
import type { ContentKind } from "../checkpoint/content.ts";
import type { Inspection } from "../checkpoint/inspection.ts";
import type { Style } from "./style.ts";

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

/** What fills an archive, the largest first, with bars. */
export function renderSizes(sizes: Inspection["sizes"], style: Style): string {
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
