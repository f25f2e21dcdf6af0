// What the documents that are made here share.

/** As GitHub makes it of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/** A table of text that may hold bars. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), `|${titles.map(() => "---").join("|")}|`, ...rows.map(line), ""];
}

/** Options in prose as code, where they are not yet. */
export function withCode(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith("`")
        ? part
        : part
            .replace(/(^|[\s(])(--?[a-z][\w-]*)/g, "$1`$2`")
            .replace(/[*<]/g, (character) => `\\${character}`),
    )
    .join("");
}

/** What stands at the head of a document that nobody edits. */
export function madeBy(of: string): string {
  return `<!-- Made from ${of} by \`npm run docs\`. Edit those. -->`;
}
