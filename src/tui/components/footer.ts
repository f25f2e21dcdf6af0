import { hints, type Scope } from "../keys/binding.ts";
import type { App } from "../state/app.ts";
import { completions } from "../state/commands.ts";
import type { Prompt } from "../state/prompt.ts";
import { type Line, line, type Span, span, spread, textWidth, windowLine } from "../view/line.ts";

/** The bottom line: what is being typed, or what was said, or where we are and what the keys are. */
export function footerLine(
  app: App,
  crumbs: readonly string[],
  scopes: readonly Scope[],
  status: string,
): Line {
  const { columns } = app.size;
  if (app.prompt !== undefined) return promptLine(app.prompt, columns, status);
  if (app.flash !== undefined) {
    const { level, text } = app.flash;
    const sign = { info: "✓", warning: "!", error: "✗" }[level];
    const role = { info: "good", warning: "warning", error: "danger" } as const;
    return windowLine(line(" ", span(`${sign} ${text}`, role[level])), columns);
  }
  const left: Span[] = [span(` ${crumbs.join(" › ")}`, "dim"), span(`   ${status}`, "dim")];
  return spread(left, hintSpans(scopes, columns - width(left) - 2), columns);
}

const width = (spans: readonly Span[]): number =>
  spans.reduce((sum, { text }) => sum + textWidth(text), 0);

/** As many hints as there is room for; the most special come first. */
function hintSpans(scopes: readonly Scope[], room: number): Span[] {
  const spans: Span[] = [];
  const seen = new Set<string>();
  let used = 0;
  for (const { label, word } of hints(scopes)) {
    const columns = textWidth(label) + textWidth(word) + 3;
    if (seen.has(label) || used + columns > room) continue;
    seen.add(label);
    used += columns;
    spans.push(span(label, "accent"), span(` ${word}  `, "dim"));
  }
  return spans;
}

/** The prompt with its cursor; the end is kept in sight where the text is longer than the line. */
function promptLine(prompt: Prompt, columns: number, status: string): Line {
  const { label, text, cursor } = prompt;
  const head = text.slice(0, cursor);
  const under = text.slice(cursor, cursor + 1) || " ";
  const suggestion =
    prompt.prompt === "command" && text !== "" && cursor === text.length
      ? (completions(text)[0] ?? "").slice(text.length + 1)
      : "";
  const next = suggestion === "" ? "" : (completions(text)[0] ?? "").slice(text.length);
  const spans: Span[] = [
    span(` ${label}`, "accent"),
    { text: head },
    span(next === "" ? under : (next[0] ?? under), "cursor"),
    next === "" ? { text: text.slice(cursor + 1) } : span(next.slice(1), "dim"),
  ];
  const left = Math.max(0, textWidth(` ${label}${head}`) + 1 - columns);
  const shown = windowLine({ spans }, columns, left);
  return left > 0 || prompt.prompt !== "filter"
    ? shown
    : spread(shown.spans, [span(`${status} `, "dim")], columns);
}
