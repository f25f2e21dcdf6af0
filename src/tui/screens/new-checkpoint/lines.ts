import { formatDuration } from "../../../base/duration.ts";
import type { View, World } from "../../state/screen.ts";
import { bar } from "../../view/bar.ts";
import { type Field, fieldLines } from "../../view/fields.ts";
import {
  emptyLine,
  fitted,
  type Line,
  line,
  type Span,
  span,
  textWidth,
  windowLine,
} from "../../view/line.ts";
import { linesStatus, shownLines } from "../lines-screen.ts";
import { wrapped } from "../wrapped.ts";
import { checksLines } from "./checks-lines.ts";
import { choicesOf, ghostOf } from "./choices.ts";
import { resultLines } from "./result-lines.ts";
import {
  type Call,
  type FieldName,
  fieldNames,
  type NewCheckpointState,
  targetName,
} from "./state.ts";

type S = NewCheckpointState;

const title = line(span("New checkpoint", "strong"));

/** The form with its checks; the call that is under way; what came of it. */
export function viewOf(state: S, world: World): View {
  const { call } = state;
  const { columns, rows } = world.body;
  if (call === undefined) {
    const form = formLines(state, columns);
    const room = Math.max(1, rows - form.length);
    const below = { ...world, body: { columns, rows: room } };
    const checks = checksLines(state, columns);
    return {
      title,
      lines: [...form, ...shownLines(checks, state.top, below)].slice(0, rows),
      status: linesStatus(
        checks.length,
        Math.min(state.top, Math.max(0, checks.length - room)),
        below,
      ),
      busy: isAsking(state),
    };
  }
  if (call.stage === "running") {
    const lines = runningLines(call, world);
    return { title, lines: shownLines(lines, 0, world), busy: true };
  }
  const lines = resultLines(call, columns);
  return {
    title,
    lines: shownLines(lines, state.top, world),
    status: linesStatus(lines.length, state.top, world),
  };
}

function isAsking({ contexts, checks }: S): boolean {
  if (contexts.failure !== undefined) return false;
  return contexts.value === undefined || (checks.of !== "" && !checks.value && !checks.failure);
}

const labels: Readonly<Record<FieldName, string>> = {
  context: "Context",
  namespace: "Namespace",
  pod: "Pod",
  container: "Container",
  timeout: "Timeout",
};

/** What stands in an empty field. */
const blanks: Readonly<Partial<Record<FieldName, string>>> = {
  container: "the pod's only one",
  timeout: "the runtime's own; 90 or 1m30s",
};

function formLines(state: S, columns: number): Line[] {
  return [
    emptyLine,
    ...fieldNames.map((name) => fieldLine(state, name, columns)),
    choiceLine(state, columns),
    windowLine(
      line("  ", button(state, "make", "Checkpoint"), "   ", button(state, "cancel", "Cancel")),
      columns,
    ),
  ];
}

function fieldLine({ fields, focus, ...rest }: S, name: FieldName, columns: number): Line {
  const { text, cursor } = fields[name];
  const here = focus === name;
  const label = span(`${here ? "▸" : " "} ${fitted(labels[name], 11)}`, here ? "accent" : "dim");
  const head = line(" ", label).spans;
  if (!here) {
    const value = text === "" ? span(blanks[name] ?? "–", "dim") : { text };
    return windowLine({ spans: [...head, value] }, columns);
  }
  const ghost = ghostOf({ fields, focus, ...rest });
  const blank = text === "" ? (blanks[name] ?? "") : "";
  const behind = ghost || text.slice(cursor) || blank;
  const [under = " "] = [...behind];
  const after = behind.slice(under.length);
  const dim = ghost !== "" || text === "";
  const spans: Span[] = [
    { text: text.slice(0, cursor) },
    span(under, "cursor"),
    dim ? span(after, "dim") : { text: after },
  ];
  // A long text is scrolled so that its cursor is in sight.
  const room = columns - 15;
  const left = Math.max(0, textWidth(text.slice(0, cursor)) + 1 - room);
  return { spans: [...head, ...windowLine({ spans }, room, left).spans] };
}

/** Names that fit what is typed, as many as there is room for. */
function choiceLine(state: S, columns: number): Line {
  const choices = choicesOf(state);
  const refused = { namespace: state.namespaces, pod: state.pods, container: state.pods };
  const failure = state.focus in refused ? refused[state.focus as "pod"].failure : undefined;
  if (failure !== undefined) {
    return windowLine(line("    ", span(`! no names: ${failure.message}`, "warning")), columns);
  }
  if (choices.length === 0) return emptyLine;
  const text = choices.slice(0, columns).join("  ");
  const head = `    ${choices.length === 1 ? "1 name" : `${choices.length} names`}  `;
  return line(span(head, "dim"), span(fitted(text, columns - textWidth(head) - 1), "dim"));
}

function button({ focus }: S, name: "make" | "cancel", text: string): Span {
  return focus === name ? span(`▸[ ${text} ]`, "accent") : { text: ` [ ${text} ]` };
}

function runningLines(call: Extract<Call, { stage: "running" }>, { body, now }: World): Line[] {
  const { wanted, since, progress } = call;
  const head = [
    emptyLine,
    line("  ", span(targetName(wanted), "strong"), span("   is being checkpointed", "dim")),
    emptyLine,
  ];
  const tail = [emptyLine, line("  ", span("Esc gives up, and asks before it does.", "dim"))];
  if (progress.state === "finding") {
    const fields: Field[] = [
      ["elapsed", elapsed(now - since)],
      ["waiting for", "the API server, which knows the node"],
    ];
    return [...head, ...fieldLines(fields, body.columns), ...tail];
  }
  const { node, kubeletVersion, urls, startedAt, deadline, turned } = progress;
  const direct = turned !== null || urls[0]?.route === "direct";
  const spent = Math.max(0, now - startedAt);
  const fields: Field[] = [
    ["node", [node, kubeletVersion && `kubelet ${kubeletVersion}`].filter(Boolean).join("   ")],
    [
      "elapsed",
      `${elapsed(spent)} of ${formatDuration(deadline)}   ▕${bar(Math.min(1, spent / deadline), 20).padEnd(20)}▏`,
    ],
    ["waiting for", "the kubelet, which has the runtime write the container's memory"],
    ["asked", direct ? "itself" : "through the API server"],
    ["url", turned?.to ?? urls[0]?.url ?? null],
  ];
  const note =
    turned === null
      ? []
      : [
          emptyLine,
          ...wrapped(`! ${turned.why}: the kubelet itself is asked`, body.columns, "warning"),
        ];
  return [...head, ...fieldLines(fields, body.columns), ...note, ...tail];
}

/** Whole seconds: the clock of the screen ticks in them. */
function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}
