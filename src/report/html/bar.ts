import { type Html, html } from "./markup.ts";

/** A part of a bar. `fill` is a colour of the palette. */
export interface BarPart {
  name: string;
  fill: string;
  size: number;
  /** Its size for people. */
  told: string;
}

const width = 1000;
const height = 12;

/**
 * Draws sizes beside each other in their proportions; nothing where all are 0. What is there gets
 * at least a sliver. A bar says in words what it shows, for those who do not see it.
 * @param whole what the full width stands for; the sum of the parts if not given
 */
export function bar(parts: readonly BarPart[], whole = total(parts)): Html {
  const some = parts.filter(({ size }) => size > 0);
  if (some.length === 0 || !(whole > 0)) return html``;
  let left = 0;
  const shapes = some.map(({ fill, size, name, told }) => {
    const wide = Math.max(3, Math.min(width - left, (size / whole) * width));
    // A sliver at the end lies over the end of the part before it.
    const x = Math.min(left, width - wide);
    const shape = html`<rect x="${x.toFixed(1)}" y="0" width="${wide.toFixed(1)}" height="${height}" fill="var(--${fill})"><title>${name}: ${told}</title></rect>`;
    left += wide;
    return shape;
  });
  const words = some.map(({ name, told }) => `${name} ${told}`).join(", ");
  return html`<svg class="bar" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${words}">${shapes}</svg>`;
}

/** What the colours of bars mean, with sizes where there are any. */
export function legend(parts: readonly Pick<BarPart, "name" | "fill" | "told">[]): Html {
  const items = parts.map(
    ({ name, fill, told }) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" fill="var(--${fill})"/></svg>${name}${told !== "" && html` <span class="dim">${told}</span>`}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

export function total(parts: readonly Pick<BarPart, "size">[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}
