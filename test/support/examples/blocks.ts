// Lines for a shell in documents.

export interface Step {
  /** The command as it stands there, continued lines included. */
  text: string;
  /** Line of the document, from 1. */
  line: number;
  /** What the document shows that it prints; undefined where it shows nothing. */
  shown: string[] | undefined;
}

export interface Block {
  /** Line of its first line, from 1. */
  line: number;
  steps: Step[];
}

/** Fences that hold a shell's lines; `text`, `yaml`, `json` and others do not. */
const shells = /^(sh|bash|shell|console)$/;

/** Words with which a line of a shell begins here; indented blocks are told by them. */
const beginnings =
  /^(\$ |(sudo )?(cryoscope|kubectl|npm|npx|node|podman|docker|git|ssh|cat|curl|tar|sha256sum)\b)/;

/** The blocks of shell in a document: fenced ones, and indented ones that begin like one. */
export function shellBlocks(markdown: string): Block[] {
  return codeBlocks(markdown)
    .filter(({ language, lines }) =>
      language === undefined ? lines.some((line) => beginnings.test(line)) : shells.test(language),
    )
    .map(({ line, lines }) => ({ line, steps: stepsOf(lines, line) }))
    .filter(({ steps }) => steps.length > 0);
}

interface CodeBlock {
  /** What stands behind the fence; undefined where the block is indented. */
  language: string | undefined;
  line: number;
  lines: string[];
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: CodeBlock | undefined;
  let before = "";
  markdown.split("\n").forEach((text, at) => {
    const fence = /^\s*```(.*)$/.exec(text);
    if (open?.language !== undefined) {
      if (fence === null) open.lines.push(text);
      else open = undefined;
    } else if (fence !== null) {
      open = { language: (fence[1] as string).trim(), line: at + 2, lines: [] };
      blocks.push(open);
    } else if (/^ {4}\S/.test(text) && (open !== undefined || before === "")) {
      if (open === undefined) {
        open = { language: undefined, line: at + 1, lines: [] };
        blocks.push(open);
      }
      open.lines.push(text.slice(4));
    } else if (open !== undefined && /^( {4,}.*|)$/.test(text)) {
      open.lines.push(text.slice(4));
    } else open = undefined;
    before = text;
  });
  return blocks;
}

/** With `$ ` before some lines, what is between them is what they print. */
function stepsOf(lines: readonly string[], first: number): Step[] {
  const shows = lines.some((line) => line.startsWith("$ "));
  const steps: Step[] = [];
  let open = false;
  lines.forEach((text, at) => {
    const last = steps.at(-1);
    if (open && last !== undefined) {
      last.text += `\n${shows ? text.replace(/^> /, "") : text}`;
      open = isOpen(last.text);
    } else if (shows && !text.startsWith("$ ")) {
      if (last !== undefined) last.shown = [...(last.shown ?? []), text.trimEnd()];
    } else if (text.trim() !== "" && !text.startsWith("#")) {
      const command = shows ? text.slice(2) : text;
      steps.push({ text: command, line: first + at, shown: undefined });
      open = isOpen(command);
    }
  });
  for (const step of steps) {
    step.text = step.text.trim();
    while (step.shown?.at(-1) === "") step.shown.pop();
  }
  return steps;
}

/** Does a command go on in the next line? */
function isOpen(text: string): boolean {
  const here = /<<-?'?(\w+)'?/.exec(text)?.[1];
  if (here !== undefined) return !text.split("\n").slice(1).includes(here);
  if (/(\\|\||&&)\s*$/.test(text)) return true;
  if (/^\s*(for|while|if)\b/.test(text)) return !/\b(done|fi)\b[^\n]*$/.test(text);
  return (text.replace(/\\.|"[^"]*"/g, "").match(/'/g) ?? []).length % 2 === 1;
}

/** What `text` says without its comment, as lists of commands name it. */
export function bareCommand(text: string): string {
  return text.replace(/\s+#\s.*$/gm, "").trim();
}

/**
 * Is what was printed what is shown? A line `…` stands for any lines, and `…` within a line for any
 * text. Blanks in a row are as good as one: columns are as wide as what the test happens to have.
 */
export function printedAsShown(printed: string, shown: readonly string[]): boolean {
  const one = (text: string): string => text.replace(/ +/g, " ");
  const pattern = shown
    .map(one)
    .map((line) =>
      /^\s*…$/.test(line)
        ? "(?:[^\\n]*\\n)*?"
        : `${line.split("…").map(escapeExpression).join("[^\\n]*?")}[ ]*\\n`,
    )
    .join("");
  return new RegExp(`^${pattern}$`).test(one(printed.endsWith("\n") ? printed : `${printed}\n`));
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
