import type { Severity } from "../../../audit/severity.ts";
import type { Problem } from "../../../base/problem.ts";
import { formatBytes } from "../../../base/units.ts";
import { huntKeys } from "../../keys/audit.ts";
import { problemKeys } from "../../keys/table.ts";
import type { HuntPart } from "../../state/audit-rows.ts";
import { type ListModel, rowAt } from "../../state/list.ts";
import type { Answer, Failure, Question } from "../../state/questions.ts";
import type { Act, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { bar, percent } from "../../view/bar.ts";
import { emptyLine, type Line, line, type Span, span } from "../../view/line.ts";
import { severitySpans } from "../../view/severity.ts";
import { listLines, listStatus } from "../../view/table.ts";
import { failureLines } from "../lines-screen.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../list-screen.ts";
import { problemLine, problemScreen } from "../problems.ts";
import type { Tab, TabArgument } from "../tab.ts";

interface Hunted {
  path: string;
  memory: boolean;
  reveal: boolean;
  now: number;
}

/** A tab that lists what a search through the archive finds, in memory too where that is asked for. */
interface HuntModel<Row extends { severity: Severity }> {
  name: string;
  title: string;
  list: ListModel<Row>;
  question: (hunted: Hunted) => Question;
  part: (answer: Answer) => HuntPart<Row> | undefined;
  /** Said where nothing is found. */
  empty: string;
  /** Rows that count for nothing. */
  passed?: (row: Row) => boolean;
  open: (row: Row, hunted: Hunted) => Act;
}

export interface HuntState<Row> extends Hunted {
  listed: Listed<Row>;
  /** How many rows there are of each severity. */
  found: readonly Span[];
  /** Is memory being looked through just now? How far that is. */
  searching: { searched: number; total: number } | undefined;
  whole: boolean;
  problems: readonly Problem[];
  failure: Failure | undefined;
}

const slot = "rows";

/** Rows that are not the list's: what was looked through, and the problems where there are any. */
const besides = ({ problems }: { problems: readonly Problem[] }): number =>
  problems.length === 0 ? 1 : 2;

const ask = <R extends { severity: Severity }>(model: HuntModel<R>, state: HuntState<R>): Act => ({
  act: "ask",
  slot,
  question: model.question(state),
});

function answered<R extends { severity: Severity }>(
  model: HuntModel<R>,
  state: HuntState<R>,
  answer: Answer,
  world: World,
): HuntState<R> {
  const got = model.part(answer);
  if (got === undefined) return state;
  const { rows, searched, total } = got;
  if (rows === null) return { ...state, searching: { searched, total } };
  const problems = got.problems.filter(({ severity }) => severity !== "note");
  const listed = withRows(state.listed, rows, model.list, world, besides({ problems }));
  const known = { listed, problems, found: foundSpans(model, rows) };
  return { ...state, ...known, searching: undefined, whole: true, failure: undefined };
}

function foundSpans<R extends { severity: Severity }>(
  { passed }: HuntModel<R>,
  rows: readonly R[],
): Span[] {
  const counted = passed === undefined ? rows : rows.filter((row) => !passed(row));
  const left = rows.length - counted.length;
  const allowed = left === 0 ? [] : [span(`${left} allowed  `, "dim")];
  return [...severitySpans(counted), ...allowed];
}

/** What was found without memory stays on the screen while memory is looked through. */
function switched<R extends { severity: Severity }>(
  model: HuntModel<R>,
  state: HuntState<R>,
): Step<HuntState<R>> {
  if (state.memory && state.searching === undefined) {
    const text = "memory was looked through";
    return { state, acts: [{ act: "flash", level: "info", text }] };
  }
  const memory = !state.memory;
  const searching = memory ? { searched: 0, total: 0 } : undefined;
  const next = { ...state, memory, searching };
  return { state: next, acts: [memory ? ask(model, next) : { act: "drop", slot }] };
}

function commanded<R extends { severity: Severity }>(
  model: HuntModel<R>,
  state: HuntState<R>,
  command: string,
): Step<HuntState<R>> | undefined {
  if (command === "refresh") return { state, acts: [ask(model, state)] };
  if (command === "search-memory") return switched(model, state);
  if (command === "problems" && state.problems.length > 0) {
    return { state, acts: [problemScreen(state.problems)] };
  }
  const row = rowAt(state.listed.rows, model.list, state.listed.list);
  if (command !== "open" || row === undefined) return undefined;
  // What is shown was found without memory as long as memory is being looked through.
  const memory = state.memory && state.searching === undefined;
  return { state, acts: [model.open(row, { ...state, memory })] };
}

function update<R extends { severity: Severity }>(
  model: HuntModel<R>,
  state: HuntState<R>,
  event: ScreenEvent,
  world: World,
): Step<HuntState<R>> {
  if (event.type === "answer") return { state: answered(model, state, event.answer, world) };
  if (event.type === "failed") {
    return { state: { ...state, failure: event.failure, searching: undefined } };
  }
  if (event.type === "command") {
    const step = commanded(model, state, event.command);
    if (step !== undefined) return step;
  }
  const step = updateListed(state.listed, model.list, event, world, besides(state));
  const same = step === undefined || step.listed === state.listed;
  const next = same ? state : { ...state, listed: step.listed };
  const acts = step?.acts ?? [];
  if (event.type !== "world" || world.reveal === state.reveal) return { state: next, acts };
  const revealed = { ...next, reveal: world.reveal };
  return { state: revealed, acts: [...acts, ask(model, revealed)] };
}

const barColumns = 16;
/** Columns below which the line says no more than it must. */
const narrow = 80;

/** What was looked through. */
function searchedSpans(
  searching: HuntState<unknown>["searching"],
  whole: boolean,
  memory: boolean,
  columns: number,
): Span[] {
  if (searching !== undefined) {
    const { searched, total } = searching;
    if (total === 0) return [span("looking through memory…", "dim")];
    const share = searched / total;
    return [
      span(`${bar(share, barColumns)} `, "accent"),
      span(`${percent(share)} of ${formatBytes(total)} of memory`, "dim"),
    ];
  }
  if (!whole) return [span("looking…", "dim")];
  return memory
    ? [span("with memory", "dim")]
    : columns < narrow
      ? [span("m", "accent"), span(" memory", "dim")]
      : [span("without secrets in memory: ", "dim"), span("m", "accent"), span(" looks", "dim")];
}

function body<R extends { severity: Severity }>(
  model: HuntModel<R>,
  state: HuntState<R>,
  world: World,
): readonly Line[] {
  const { listed, problems, failure, whole } = state;
  if (failure !== undefined) return failureLines(failure);
  const rows = Math.max(1, world.body.rows - besides(state));
  const all = state.memory && state.searching === undefined;
  const empty = all ? span(`✓ ${model.empty}`, "good") : span(`${model.empty} so far`, "dim");
  const list =
    listed.rows.length > 0
      ? listLines(listed.rows, model.list, listed.list, {
          ...world,
          body: { ...world.body, rows },
        })
      : whole
        ? [emptyLine, line("   ", empty)]
        : [];
  const searched = searchedSpans(state.searching, whole, state.memory, world.body.columns);
  const lines = [line("   ", ...state.found, ...searched), ...list];
  if (problems.length === 0) return lines;
  const blank = Array.from({ length: Math.max(0, rows + 1 - lines.length) }, () => emptyLine);
  return [...lines, ...blank, problemLine(problems, world.body.columns)];
}

/** Makes such a tab. What is found without memory comes first, by itself. */
export function huntTab<R extends { severity: Severity }>(
  model: HuntModel<R>,
): Tab<HuntState<R>, TabArgument> {
  return {
    name: model.name,
    title: model.title,
    count: ({ listed, whole }) => (whole ? listed.rows.length : undefined),
    open: ({ path }, { reveal, now }) => {
      const state: HuntState<R> = {
        path,
        memory: false,
        reveal,
        now,
        listed: newListed(),
        found: [],
        searching: undefined,
        whole: false,
        problems: [],
        failure: undefined,
      };
      return { state, acts: [ask(model, state)] };
    },
    update: (state, event, world) => update(model, state, event, world),
    view: (state, world): View => ({
      title: emptyLine,
      lines: body(model, state, world),
      status:
        state.failure === undefined
          ? listStatus(state.listed.rows, model.list, state.listed.list)
          : "",
      busy: (!state.whole || state.searching !== undefined) && state.failure === undefined,
    }),
    scopes: ({ problems }) => [
      huntKeys,
      ...listScopes(model.list, false),
      ...(problems.length === 0 ? [] : [problemKeys]),
    ],
    crumb: () => model.name,
  };
}
