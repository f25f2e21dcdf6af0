/** Colours of the page, in a light and in a dark room. Contrasts are tested (WCAG AA). */
export interface Palette {
  page: string;
  card: string;
  line: string;
  text: string;
  dim: string;
  accent: string;
  ok: string;
  critical: string;
  high: string;
  medium: string;
  low: string;
  info: string;
  /** Parts of drawn bars, beside each other. */
  fill1: string;
  fill2: string;
  fill3: string;
  fill4: string;
  fill5: string;
  fill6: string;
  fill7: string;
}

export const light: Palette = {
  page: "#f6f7f9",
  card: "#ffffff",
  line: "#d9dee5",
  text: "#1b2430",
  dim: "#55606e",
  accent: "#0b5c8f",
  ok: "#1c6b3c",
  critical: "#8f0f45",
  high: "#b3261e",
  medium: "#8a5300",
  low: "#35618e",
  info: "#55606e",
  fill1: "#2f6ea5",
  fill2: "#c2651a",
  fill3: "#3f8f7f",
  fill4: "#b3261e",
  fill5: "#7c62b5",
  fill6: "#7a8594",
  fill7: "#a87b1d",
};

export const dark: Palette = {
  page: "#12171d",
  card: "#1a2129",
  line: "#36414e",
  text: "#e6ebf1",
  dim: "#a3b0be",
  accent: "#74bdf0",
  ok: "#74cf96",
  critical: "#ff86b3",
  high: "#ff8a80",
  medium: "#f0b35a",
  low: "#8dbdf0",
  info: "#a3b0be",
  fill1: "#5a9bd6",
  fill2: "#e08a45",
  fill3: "#54b3a0",
  fill4: "#ee675c",
  fill5: "#a58de0",
  fill6: "#8794a3",
  fill7: "#cfa440",
};

/** The palette as properties that the style sheet names: `--page:#f6f7f9;…`. */
export function properties(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}
