import { displayWidth } from "../base/text.ts";

/**
 * Breaks sanitised text at spaces into lines of at most `columns`, and leaves a word that is longer
 * whole, so that it can be copied.
 * @param columns of the terminal; undefined for one line
 */
export function wrapWords(text: string, columns: number | undefined): string[] {
  if (columns === undefined) return [text];
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(" ")) {
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || displayWidth(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line ?? ""];
}
