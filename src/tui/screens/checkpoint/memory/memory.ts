import type { Problem } from "../../../../base/problem.ts";
import { formatBytes, formatCount } from "../../../../base/units.ts";
import type { MappingRow } from "../../../../memory/mapping-list.ts";
import { memoryKeys } from "../../../keys/memory.ts";
import { problemKeys } from "../../../keys/table.ts";
import { rowAt } from "../../../state/list.ts";
import type { Answer, Failure, MappingsPart } from "../../../state/questions.ts";
import type { Act, ScreenEvent, Step, World } from "../../../state/screen.ts";
import { emptyLine, type Line, line, type Span, span } from "../../../view/line.ts";
import { listLines, listStatus } from "../../../view/table.ts";
import type { HexArgument } from "../../hex/argument.ts";
import { saveBytes } from "../../hex/saved.ts";
import { failureLines } from "../../lines-screen.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../../list-screen.ts";
import { problemLine, problemScreen } from "../../problems.ts";
import type { Tab } from "../../tab.ts";
import { mappingModel } from "./model.ts";

interface MemoryState {
  path: string;
  /** Processes that have memory; empty until the first answer. */
  processes: MappingsPart["processes"];
  /** The process whose mappings are shown; null for the first, until the answer names it. */
  pid: number | null;
  listed: Listed<MappingRow>;
  /** Bytes of all rows, for the line of the process. */
  sizes: { mapped: number; dumped: number };
  /** Rows that came since the question, where others are shown until all are there. */
  coming: readonly MappingRow[];
  whole: boolean;
  problems: readonly Problem[];
  failure: Failure | undefined;
}

type S = MemoryState;

/** Rows that are not the list's: the line of the process, and that of problems where there are any. */
function besides({ problems }: Pick<S, "problems">): number {
  return problems.length === 0 ? 1 : 2;
}

const ask = ({ path, pid }: Pick<S, "path" | "pid">): Act => ({
  act: "ask",
  slot: "mappings",
  question: { of: "mappings", path, pid },
});

function answered(state: S, answer: Answer, part: boolean, world: World): Step<S> {
  if (answer.of !== "mappings") return { state };
  const { processes, pid, at, rows, problems } = answer.value;
  const coming = at === 0 ? rows : [...state.coming, ...rows];
  const next: S = { ...state, processes, pid, coming, failure: undefined };
  // What was known stays until all is known anew. At first, rows are shown as they come: laid out
  // when there are twice as many, not with each of a hundred parts.
  const few = coming.length < 2 * state.listed.rows.length;
  if (part && (state.whole || few)) return { state: next };
  if (!part) next.problems = problems.filter(({ severity }) => severity !== "note");
  const listed = withRows(state.listed, coming, mappingModel, world, besides(next));
  // The line of the process tells them when all are there.
  const sizes = part
    ? state.sizes
    : {
        mapped: coming.reduce((sum, row) => sum + row.sizeBytes, 0),
        dumped: coming.reduce((sum, row) => sum + row.dumpedBytes, 0),
      };
  return {
    state: { ...next, listed, sizes, coming: part ? coming : [], whole: state.whole || !part },
  };
}

/** The process so many places after the one that is shown, around the end. */
function switched(state: S, step: number): Step<S> {
  const { processes, pid } = state;
  if (processes.length < 2) {
    const text = processes.length === 0 ? "no process is known yet" : "there is one process only";
    return { state, acts: [{ act: "flash", level: "info", text }] };
  }
  const at = processes.findIndex((it) => it.pid === pid);
  const to = processes[(at + step + processes.length) % processes.length];
  const next: S = {
    ...state,
    pid: to?.pid ?? null,
    listed: newListed(),
    coming: [],
    whole: false,
    failure: undefined,
  };
  return { state: next, acts: [ask(next)] };
}

function hex(argument: HexArgument): Act {
  return { act: "push", screen: { kind: "hex", argument } };
}

function commanded(state: S, command: string): Step<S> | undefined {
  const { path, pid, listed } = state;
  if (command === "refresh") return { state, acts: [ask(state)] };
  if (command === "problems" && state.problems.length > 0) {
    return { state, acts: [problemScreen(state.problems)] };
  }
  if (command === "process-next") return switched(state, 1);
  if (command === "process-previous") return switched(state, -1);
  const row = rowAt(listed.rows, mappingModel, listed.list);
  if (pid === null || row === undefined) return undefined;
  if (command === "open") return { state, acts: [hex({ path, pid, at: BigInt(row.start) })] };
  if (command.startsWith("goto ")) {
    return { state, acts: [hex({ path, pid, goto: command.slice("goto ".length) })] };
  }
  if (command !== "save") return undefined;
  const range = { from: BigInt(row.start), to: BigInt(row.end) };
  return { state, acts: [saveBytes(path, { pid }, range)] };
}

function listing(state: S, event: ScreenEvent, world: World): Step<S> {
  const step = updateListed(state.listed, mappingModel, event, world, besides(state));
  if (step === undefined) return { state };
  const same = step.listed === state.listed;
  return { state: same ? state : { ...state, listed: step.listed }, acts: step.acts };
}

function processLine({ processes, pid, listed, sizes, whole }: S): Line {
  if (pid === null) return emptyLine;
  const at = processes.findIndex((it) => it.pid === pid);
  const facts = whole
    ? `${formatCount(listed.rows.length)} mappings  ${formatBytes(sizes.mapped)}  ${formatBytes(sizes.dumped)} dumped`
    : "reading…";
  const others: Span[] =
    processes.length < 2
      ? []
      : [span(`   ${at + 1} of ${processes.length} `, "dim"), span("[ ]", "accent")];
  return line(
    "   ",
    span(`pid ${pid}`, "strong"),
    ` ${processes[at]?.comm ?? ""}`,
    ...others,
    span(`   ${facts}`, "dim"),
  );
}

function body(state: S, world: World): readonly Line[] {
  const { failure, listed, whole, pid, problems } = state;
  if (failure !== undefined) return failureLines(failure);
  if (listed.rows.length === 0) {
    if (!whole) return [emptyLine, line("   ", span("reading…", "dim"))];
    const text =
      pid === null ? "the dump holds no memory of a process" : "the process has no mappings";
    return [processLine(state), line("   ", span(text, "dim"))];
  }
  const room = { ...world, body: { ...world.body, rows: world.body.rows - besides(state) } };
  const list = listLines(listed.rows, mappingModel, listed.list, room);
  if (problems.length === 0) return [processLine(state), ...list];
  const blank = Array<Line>(Math.max(0, room.body.rows - list.length)).fill(emptyLine);
  return [processLine(state), ...list, ...blank, problemLine(problems, world.body.columns)];
}

export const memoryTab: Tab<MemoryState> = {
  name: "memory",
  title: "Memory",
  open: ({ path }) => {
    const state: S = {
      path,
      processes: [],
      pid: null,
      listed: newListed(),
      sizes: { mapped: 0, dumped: 0 },
      coming: [],
      whole: false,
      problems: [],
      failure: undefined,
    };
    return { state, acts: [ask(state)] };
  },
  update: (state, event, world) => {
    switch (event.type) {
      case "answer":
        return answered(state, event.answer, event.part, world);
      case "failed":
        return { state: { ...state, failure: event.failure } };
      case "command":
        return commanded(state, event.command) ?? listing(state, event, world);
      default:
        return listing(state, event, world);
    }
  },
  view: (state, world) => ({
    title: emptyLine,
    lines: body(state, world),
    status:
      state.failure === undefined
        ? listStatus(state.listed.rows, mappingModel, state.listed.list)
        : "",
    busy: !state.whole && state.failure === undefined,
  }),
  scopes: ({ problems }) => [
    memoryKeys,
    ...listScopes(mappingModel, true),
    ...(problems.length === 0 ? [] : [problemKeys]),
  ],
  crumb: () => "memory",
};
