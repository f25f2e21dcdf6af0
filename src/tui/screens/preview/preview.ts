import { formatBytes, formatCount } from "../../../base/units.ts";
import { previewKeys } from "../../keys/images.ts";
import { textKeys } from "../../keys/table.ts";
import { type Filter, readFilter } from "../../state/filter.ts";
import type { TextPreview } from "../../state/member-rows.ts";
import type { Failure } from "../../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, span, windowLine } from "../../view/line.ts";
import { failureLines, linesStatus, scrolledTop } from "../lines-screen.ts";
import { saveMember } from "../look.ts";
import type { PreviewArgument } from "./argument.ts";
import { lineCount, lineIndex, type TextLines, textLine } from "./text-lines.ts";

interface PreviewState {
  argument: PreviewArgument;
  preview: TextPreview | undefined;
  lines: TextLines;
  failure: Failure | undefined;
  reveal: boolean;
  top: number;
  /** Columns scrolled away at the left. */
  left: number;
  /** What is looked for, and the line where it was found last. */
  find: { text: string; filter: Filter; at: number } | undefined;
}

type S = PreviewState;

/** Columns that a step to the right scrolls. */
const sidestep = 8;

const ask = ({ argument: { path, member, asText = false }, reveal }: S): Act => ({
  act: "ask",
  slot: "preview",
  question: { of: "preview", path, member, reveal, asText },
});

const bytesScreen = ({ path, member }: PreviewArgument): Act => ({
  act: "push",
  screen: { kind: "hex", argument: { path, member } },
});

const flash = (text: string): Act => ({ act: "flash", level: "info", text });

function answered(state: S, preview: TextPreview): Step<S> {
  const { text } = preview;
  const next = { ...state, preview, failure: undefined, lines: lineIndex(text ?? "") };
  // What is no text is shown as bytes; whoever comes back from there goes on to where he was.
  if (text === null) {
    return { state: next, acts: [{ act: "pop" }, bytesScreen(state.argument)] };
  }
  return { state: { ...next, top: Math.min(state.top, lineCount(next.lines) - 1) } };
}

function commanded(state: S, command: string, world: World): Step<S> {
  const { argument, find } = state;
  switch (command) {
    case "refresh":
      return { state, acts: [ask(state)] };
    case "as-bytes":
      return { state, acts: [bytesScreen(argument)] };
    case "save":
      return { state, acts: [saveMember(argument.path, argument.member)] };
    case "copy":
      return { state, acts: [copy(state, world)] };
    case "scroll-right":
      return { state: { ...state, left: state.left + sidestep } };
    case "scroll-left":
      return { state: { ...state, left: Math.max(0, state.left - sidestep) } };
    case "find":
      return {
        state,
        acts: [{ act: "prompt", prompt: "find", label: "/", text: find?.text ?? "" }],
      };
    case "find-next":
      return found(state, 1, world);
    case "find-previous":
      return found(state, -1, world);
    case "clear":
      return { state: find === undefined ? state : { ...state, find: undefined } };
    default: {
      const rows = textRows(world);
      const top = scrolledTop(state.top, command, lineCount(state.lines), rows);
      return { state: top === undefined || top === state.top ? state : { ...state, top } };
    }
  }
}

/** Goes to the next line that matches, around the end. */
function found(state: S, step: 1 | -1, world: World): Step<S> {
  const { find, lines } = state;
  if (find === undefined) return { state, acts: [flash("find something first: /")] };
  const count = lineCount(lines);
  for (let moved = 1; moved <= count; moved++) {
    const at = (find.at + step * moved + count * 2) % count;
    if (!find.filter.matches(textLine(lines, at))) continue;
    const last = Math.max(0, count - textRows(world));
    const top = Math.max(0, Math.min(last, at - 3));
    const wrapped = step === 1 ? at <= find.at : at >= find.at;
    const acts = wrapped && find.at >= 0 ? [flash("on from the other end")] : [];
    return { state: { ...state, top, find: { ...find, at } }, acts };
  }
  return { state, acts: [{ act: "flash", level: "warning", text: `no line has ${find.text}` }] };
}

function prompted(state: S, text: string, world: World): Step<S> {
  const filter = readFilter(text);
  if (filter === undefined) return { state: { ...state, find: undefined } };
  return found({ ...state, find: { text, filter, at: state.top - 1 } }, 1, world);
}

function copy(state: S, world: World): Act {
  const { lines, top } = state;
  const end = Math.min(lineCount(lines), top + textRows(world));
  const shown = Array.from({ length: end - top }, (_, at) => textLine(lines, top + at));
  return { act: "copy", text: `${shown.join("\n")}\n`, what: `${formatCount(end - top)} lines` };
}

/** The last row says what is not shown. */
function textRows({ body }: World): number {
  return Math.max(1, body.rows - 1);
}

function note({ preview }: S): Line {
  if (preview === undefined || preview.text === null) return emptyLine;
  const { sizeBytes, readBytes } = preview;
  if (readBytes >= sizeBytes) return emptyLine;
  const text = `the first ${formatBytes(readBytes)} of ${formatBytes(sizeBytes)}; Ctrl-S saves all, x shows bytes`;
  return line(span(` ! ${text}`, "warning"));
}

function body(state: S, world: World): readonly Line[] {
  const { failure, preview, lines, top, left, find } = state;
  if (failure !== undefined) return failureLines(failure);
  if (preview === undefined) return [emptyLine, line("   ", span("reading…", "dim"))];
  if (preview.text === null) return [emptyLine, line("   ", span("it is no text: x", "dim"))];
  if (preview.text === "") return [emptyLine, line("   ", span("it is empty", "dim"))];
  const { columns } = world.body;
  const rows = textRows(world);
  const end = Math.min(lineCount(lines), top + rows);
  const shown: Line[] = [];
  for (let at = top; at < end; at++) {
    const here = find?.at === at;
    // No line is cleaned further than it is seen.
    const text = textLine(lines, at).slice(0, 8 * (left + columns) + 256);
    const cut = windowLine(here ? line(span(text, "match")) : line(text), columns - 2, left);
    shown.push({ ...cut, spans: [span(here ? "▸ " : "  ", "accent"), ...cut.spans] });
  }
  while (shown.length < rows) shown.push(emptyLine);
  return [...shown, note(state)];
}

/** A member's content as text: at most its first MiB. What is no text is shown as bytes. */
export const previewScreen: Screen<S, PreviewArgument> = {
  open: (argument, { reveal }) => {
    const state: S = {
      argument,
      preview: undefined,
      lines: lineIndex(""),
      failure: undefined,
      reveal,
      top: 0,
      left: 0,
      find: undefined,
    };
    return { state, acts: [ask(state)] };
  },
  update: (state, event: ScreenEvent, world): Step<S> => {
    switch (event.type) {
      case "answer":
        return event.answer.of === "preview" ? answered(state, event.answer.value) : { state };
      case "failed":
        return { state: { ...state, failure: event.failure } };
      case "prompted":
        if (!event.done || event.text === null) return { state };
        return prompted(state, event.text, world);
      case "world": {
        if (world.reveal === state.reveal) return { state };
        const next = { ...state, reveal: world.reveal };
        return { state: next, acts: [ask(next)] };
      }
      case "command":
        return commanded(state, event.command, world);
      default:
        return { state };
    }
  },
  view: (state, world): View => {
    const { argument, preview, lines, top } = state;
    const size = preview === undefined ? "" : `   ${formatBytes(preview.sizeBytes)}`;
    const room = { ...world, body: { ...world.body, rows: textRows(world) } };
    return {
      title: line(span(argument.title ?? argument.member, "strong"), span(size, "dim")),
      lines: body(state, world),
      status: linesStatus(lineCount(lines), top, room),
      busy: preview === undefined && state.failure === undefined,
    };
  },
  scopes: () => [previewKeys, textKeys],
  crumb: ({ argument: { member } }) => member.split(/[/!]/).at(-1) ?? "",
};
