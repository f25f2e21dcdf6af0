import type { Input } from "../keys/input.ts";

/** One line of text that is being typed. */
export interface Prompt {
  /** What it is for: `command`, `filter`, `save`, or a screen's own word. */
  prompt: string;
  /** What stands before the text. */
  label: string;
  text: string;
  /** Place of the cursor, in characters of the text. */
  cursor: number;
  /** Texts entered before; `at` counts back from the newest, -1 is what is being typed. */
  history: readonly string[];
  at: number;
  typed: string;
}

/** What typing did: the prompt goes on, was entered, or was given up. */
type Typed =
  | { state: "open"; prompt: Prompt }
  | { state: "entered"; text: string }
  | { state: "left" };

/** Longest text that a prompt takes. */
const longest = 4096;

export function openPrompt(
  prompt: string,
  label: string,
  text: string,
  history: readonly string[] = [],
): Prompt {
  const chosen = text.slice(0, longest);
  return { prompt, label, text: chosen, cursor: chosen.length, history, at: -1, typed: chosen };
}

/** Types into a prompt, with the keys of readline. */
export function typeInto(prompt: Prompt, input: Input): Typed {
  // A pasted text may hold several lines; a prompt has one.
  if (input.type === "paste") return open(insert(prompt, input.text.replace(/\s+/g, " ").trim()));
  if (input.type !== "key") return open(prompt);
  const { key } = input;
  if (key === "enter") return { state: "entered", text: prompt.text };
  if (key === "esc" || key === "ctrl-c") return { state: "left" };
  const edit = editKeys[key];
  if (edit !== undefined) return open(edit(prompt));
  const text = key === "space" ? " " : key;
  return open([...text].length === 1 ? insert(prompt, text) : prompt);
}

/** Does an input edit text, and nothing else? */
export function edits(input: Input): boolean {
  if (input.type === "paste") return true;
  if (input.type !== "key") return false;
  const { key } = input;
  const recalls = key === "up" || key === "down";
  return key === "space" || [...key].length === 1 || (!recalls && key in editKeys);
}

const open = (prompt: Prompt): Typed => ({ state: "open", prompt });

function insert(prompt: Prompt, text: string): Prompt {
  const { cursor } = prompt;
  if (prompt.text.length + text.length > longest) return prompt;
  return changed(
    prompt,
    prompt.text.slice(0, cursor) + text + prompt.text.slice(cursor),
    cursor + text.length,
  );
}

function changed(prompt: Prompt, text: string, cursor: number): Prompt {
  return { ...prompt, text, cursor, at: -1, typed: text };
}

/** Length of the character that ends before, or begins at, the cursor. */
function before({ text, cursor }: Prompt): number {
  const low = text.charCodeAt(cursor - 1);
  return low >= 0xdc00 && low <= 0xdfff ? 2 : 1;
}

function after({ text, cursor }: Prompt): number {
  const high = text.charCodeAt(cursor);
  return high >= 0xd800 && high <= 0xdbff ? 2 : 1;
}

function moved(prompt: Prompt, cursor: number): Prompt {
  return { ...prompt, cursor: Math.max(0, Math.min(prompt.text.length, cursor)) };
}

function recalled(prompt: Prompt, at: number): Prompt {
  const { history, typed } = prompt;
  if (at < -1 || at >= history.length) return prompt;
  const text = at === -1 ? typed : (history[history.length - 1 - at] as string);
  return { ...prompt, text, cursor: text.length, at };
}

const editKeys: Readonly<Record<string, (prompt: Prompt) => Prompt>> = {
  backspace: (it) => {
    const from = it.cursor - Math.min(it.cursor, before(it));
    return changed(it, it.text.slice(0, from) + it.text.slice(it.cursor), from);
  },
  delete: (it) =>
    changed(it, it.text.slice(0, it.cursor) + it.text.slice(it.cursor + after(it)), it.cursor),
  left: (it) => moved(it, it.cursor - before(it)),
  right: (it) => moved(it, it.cursor + after(it)),
  home: (it) => moved(it, 0),
  "ctrl-a": (it) => moved(it, 0),
  end: (it) => moved(it, it.text.length),
  "ctrl-e": (it) => moved(it, it.text.length),
  "ctrl-u": (it) => changed(it, it.text.slice(it.cursor), 0),
  "ctrl-k": (it) => changed(it, it.text.slice(0, it.cursor), it.cursor),
  "ctrl-w": (it) => {
    const head = it.text.slice(0, it.cursor).replace(/\S*\s*$/, "");
    return changed(it, head + it.text.slice(it.cursor), head.length);
  },
  up: (it) => recalled(it, it.at + 1),
  down: (it) => recalled(it, it.at - 1),
};
