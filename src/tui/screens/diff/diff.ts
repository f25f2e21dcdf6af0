import type { SideFacts } from "../../../audit/diff/identity.ts";
import { formatBytes } from "../../../base/units.ts";
import { diffKeys } from "../../keys/audit.ts";
import { problemKeys } from "../../keys/table.ts";
import type { DiffPart, DiffRow } from "../../state/audit-rows.ts";
import { rowAt } from "../../state/list.ts";
import type { Failure } from "../../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, type Span, span, truncateMiddle } from "../../view/line.ts";
import { listLines, listStatus } from "../../view/table.ts";
import type { HexArgument } from "../hex/argument.ts";
import { failureLines } from "../lines-screen.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../list-screen.ts";
import { problemLine, problemScreen } from "../problems.ts";
import type { ProcessArgument } from "../process/argument.ts";
import { diffModel } from "./model.ts";

/** Two archives, the earlier checkpoint first. */
export interface DiffArgument {
  before: string;
  after: string;
}

interface DiffState extends DiffArgument {
  now: number;
  reveal: boolean;
  /** Are the bytes of pages compared too? */
  pages: boolean;
  /** What is known; rows of the last whole comparison are in `listed`. */
  part: DiffPart | undefined;
  listed: Listed<DiffRow>;
  /** Bytes of pages that were compared, while they are being compared. */
  comparing: number | undefined;
  failure: Failure | undefined;
}

type S = DiffState;

const slot = "diff";

function ask({ before, after, pages, reveal, now }: S): Act {
  return { act: "ask", slot, question: { of: "diff", before, after, pages, reveal, now } };
}

const problemsOf = ({ part }: S): DiffPart["problems"] =>
  (part?.problems ?? []).filter(({ severity }) => severity === "error");

/** Rows that are not the list's: the two sides, and the problems where there are any. */
const besides = (state: S): number => (problemsOf(state).length === 0 ? 3 : 4);

function answered(state: S, part: DiffPart, world: World): S {
  if (part.rows === null) return { ...state, comparing: part.compared };
  const next: S = { ...state, part, comparing: undefined, failure: undefined };
  return { ...next, listed: withRows(state.listed, part.rows, diffModel, world, besides(next)) };
}

/** What differs otherwise stays on the screen while pages are compared. */
function switched(state: S): Step<S> {
  if (state.pages && state.comparing === undefined) {
    return { state, acts: [{ act: "flash", level: "info", text: "pages were compared" }] };
  }
  const pages = !state.pages;
  const next = { ...state, pages, comparing: pages ? 0 : undefined };
  return { state: next, acts: [pages ? ask(next) : { act: "drop", slot }] };
}

/** Where a difference can be seen: in the later checkpoint, or in the earlier one where it went. */
function see({ before, after }: S, { change, pid, address }: DiffRow): Act | undefined {
  if (pid === null) return undefined;
  const path = change === "went" ? before : after;
  return address === null
    ? {
        act: "push",
        screen: { kind: "process", argument: { path, pid } satisfies ProcessArgument },
      }
    : {
        act: "push",
        screen: { kind: "hex", argument: { path, pid, at: address } satisfies HexArgument },
      };
}

function whole({ section, word, subject, parts }: DiffRow): Act {
  const argument = { title: `${section}: ${word}`, lines: [subject, "", ...parts] };
  return { act: "push", screen: { kind: "text", argument } };
}

function commanded(state: S, command: string): Step<S> | undefined {
  if (command === "refresh") return { state, acts: [ask(state)] };
  if (command === "search-memory") return switched(state);
  const problems = problemsOf(state);
  if (command === "problems" && problems.length > 0) {
    return { state, acts: [problemScreen(problems)] };
  }
  const row = rowAt(state.listed.rows, diffModel, state.listed.list);
  if (row === undefined) return undefined;
  if (command === "open") return { state, acts: [see(state, row) ?? whole(row)] };
  return command === "describe" ? { state, acts: [whole(row)] } : undefined;
}

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  if (event.type === "answer") {
    const { answer } = event;
    return { state: answer.of === "diff" ? answered(state, answer.value, world) : state };
  }
  if (event.type === "failed") {
    return { state: { ...state, failure: event.failure, comparing: undefined } };
  }
  if (event.type === "command") {
    const step = commanded(state, event.command);
    if (step !== undefined) return step;
  }
  const step = updateListed(state.listed, diffModel, event, world, besides(state));
  const same = step === undefined || step.listed === state.listed;
  const next = same ? state : { ...state, listed: step.listed };
  const acts = step?.acts ?? [];
  if (event.type !== "world" || world.reveal === state.reveal) return { state: next, acts };
  const revealed = { ...next, reveal: world.reveal };
  return { state: revealed, acts: [...acts, ask(revealed)] };
}

const fileOf = (path: string): string => path.split("/").at(-1) ?? path;

/** One of the two: when it was frozen, how much memory was dumped, and its file as far as it fits. */
function sideLine(sign: Span, path: string, facts: SideFacts | null, columns: number): Line {
  const when = facts?.checkpointedAt?.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC") ?? "–";
  const known =
    facts === null
      ? ""
      : `${facts.preDump ? "pre-dump" : when}   ${formatBytes(facts.pageBytes)}   `;
  const room = Math.max(8, columns - known.length - 6);
  return line("   ", sign, ` ${known}`, span(truncateMiddle(fileOf(path), room), "dim"));
}

/** What was compared, and whether it can be compared at all. */
function note({ part, comparing, pages }: S): Line {
  if (comparing !== undefined) {
    return line("   ", span(`comparing pages… ${formatBytes(comparing)}`, "dim"));
  }
  if (part === undefined) return line("   ", span("comparing…", "dim"));
  const strangers: Span[] =
    part.sameContainer === false ? [span("! of different containers   ", "warning")] : [];
  const bytes: Span[] = pages
    ? [span("pages were compared byte by byte", "dim")]
    : [span("bytes of pages were not compared: ", "dim"), span("m", "accent")];
  return line("   ", ...strangers, ...bytes);
}

function body(state: S, world: World): readonly Line[] {
  const { failure, part, before, after, listed } = state;
  const { columns } = world.body;
  if (failure !== undefined) return failureLines(failure);
  const head = [
    sideLine(span("-", "danger"), before, part?.before ?? null, columns),
    sideLine(span("+", "good"), after, part?.after ?? null, columns),
    note(state),
  ];
  if (part === undefined) return head;
  const problems = problemsOf(state);
  const rows = Math.max(1, world.body.rows - besides(state));
  const list =
    listed.rows.length === 0
      ? [emptyLine, line("   ", span("✓ no difference", "good"))]
      : listLines(listed.rows, diffModel, listed.list, { ...world, body: { ...world.body, rows } });
  if (problems.length === 0) return [...head, ...list];
  const blank = Array.from({ length: Math.max(0, rows - list.length) }, () => emptyLine);
  return [...head, ...list, ...blank, problemLine(problems, columns)];
}

/** What differs between two checkpoints. */
export const diffScreen: Screen<DiffState, DiffArgument> = {
  open: ({ before, after }, { reveal, now }) => {
    const state: S = {
      before,
      after,
      now,
      reveal,
      pages: false,
      part: undefined,
      listed: newListed(),
      comparing: undefined,
      failure: undefined,
    };
    return { state, acts: [ask(state)] };
  },
  update,
  view: (state, world) => ({
    title: line(span("Differences", "strong")),
    lines: body(state, world),
    status: listStatus(state.listed.rows, diffModel, state.listed.list),
    busy:
      (state.part === undefined || state.comparing !== undefined) && state.failure === undefined,
  }),
  scopes: (state) => [
    diffKeys,
    ...listScopes(diffModel, false),
    ...(problemsOf(state).length === 0 ? [] : [problemKeys]),
  ],
  crumb: () => "differences",
};
