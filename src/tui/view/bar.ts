const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of at most `columns` columns for a share between 0 and 1, in eighths of a column. */
export function bar(share: number, columns: number): string {
  const bounded = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  const total = Math.round(bounded * columns * 8);
  // Something is never shown as nothing.
  const shown = bounded > 0 ? Math.max(1, total) : 0;
  return "█".repeat(Math.floor(shown / 8)) + (eighths[shown % 8] ?? "");
}

/** `96.8 %`; a share too small to round is `< 0.1 %`. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}
