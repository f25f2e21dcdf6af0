/** A text with the places where its lines begin: a million lines are no million strings. */
export interface TextLines {
  text: string;
  starts: Uint32Array;
}

/** Finds the lines. A final line break ends the last line and begins none. */
export function lineIndex(text: string): TextLines {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  if (text.endsWith("\n")) count -= 1;
  const starts = new Uint32Array(count);
  let start = 0;
  for (let line = 1; line < count; line++) {
    start = text.indexOf("\n", start) + 1;
    starts[line] = start;
  }
  return { text, starts };
}

export function lineCount({ starts }: TextLines): number {
  return starts.length;
}

const tabColumns = 8;

/** A line with its tabs as blanks. */
export function textLine({ text, starts }: TextLines, at: number): string {
  const next = starts[at + 1];
  const end = next === undefined ? text.length : next - 1;
  const line = text.slice(starts[at], end);
  const bare = next === undefined && line.endsWith("\n") ? line.slice(0, -1) : line;
  if (!bare.includes("\t")) return bare;
  let shown = "";
  for (const [place, part] of bare.split("\t").entries()) {
    if (place > 0) shown += " ".repeat(tabColumns - (shown.length % tabColumns));
    shown += part;
  }
  return shown;
}
