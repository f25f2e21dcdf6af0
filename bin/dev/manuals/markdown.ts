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

/**
 * A document of which a part is made here: the lines between `<!-- made: NAME -->` and
 * `<!-- end: NAME -->`.
 * @throws where there is no such part.
 */
export function withPart(document: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- made: ${name} (npm run docs) -->`, `<!-- end: ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`there is no part ${name}`);
  const text = lines.join("\n").trim();
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
