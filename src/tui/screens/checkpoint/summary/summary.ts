import type { Inspection } from "../../../../checkpoint/inspection.ts";
import { textKeys } from "../../../keys/table.ts";
import type { Failure } from "../../../state/questions.ts";
import type { Act, Step, World } from "../../../state/screen.ts";
import { emptyLine, type Line, line, span, windowLine } from "../../../view/line.ts";
import type { Tab } from "../../tab.ts";
import { summaryLines } from "./lines.ts";

interface SummaryState {
  path: string;
  inspection: Inspection | undefined;
  failure: Failure | undefined;
  top: number;
  reveal: boolean;
}

const ask = (path: string, reveal: boolean): Act => ({
  act: "ask",
  slot: "inspection",
  question: { of: "inspection", path, reveal },
});

function lines({ inspection, failure }: SummaryState, { body }: World): Line[] {
  if (failure !== undefined) {
    return [
      emptyLine,
      line("   ", span(`✗ ${failure.message}`, "danger")),
      ...(failure.next === null ? [] : [emptyLine, line(`   ${failure.next}`)]),
    ];
  }
  if (inspection === undefined) return [emptyLine, line("   ", span("reading…", "dim"))];
  return summaryLines(inspection, body.columns);
}

function moved(state: SummaryState, command: string, world: World): Step<SummaryState> {
  const last = Math.max(0, lines(state, world).length - world.body.rows);
  const moves: Readonly<Record<string, number>> = {
    down: state.top + 1,
    up: state.top - 1,
    "page-down": state.top + world.body.rows,
    "page-up": state.top - world.body.rows,
    top: 0,
    bottom: last,
  };
  const top = moves[command];
  if (top === undefined) return { state };
  return { state: { ...state, top: Math.max(0, Math.min(last, top)) } };
}

export const summaryTab: Tab<SummaryState> = {
  name: "summary",
  title: "Summary",
  open: ({ path }, { reveal }) => ({
    state: { path, inspection: undefined, failure: undefined, top: 0, reveal },
    acts: [ask(path, reveal)],
  }),
  update: (state, event, world) => {
    switch (event.type) {
      case "answer":
        return event.answer.of === "inspection"
          ? { state: { ...state, inspection: event.answer.value, failure: undefined } }
          : { state };
      case "failed":
        return { state: { ...state, failure: event.failure } };
      case "world":
        return world.reveal === state.reveal
          ? { state }
          : { state: { ...state, reveal: world.reveal }, acts: [ask(state.path, world.reveal)] };
      case "command":
        return event.command === "refresh"
          ? { state, acts: [ask(state.path, state.reveal)] }
          : moved(state, event.command, world);
      default:
        return { state };
    }
  },
  view: (state, world) => ({
    title: emptyLine,
    lines: lines(state, world)
      .slice(state.top, state.top + world.body.rows)
      .map((it) => windowLine(it, world.body.columns)),
    busy: state.inspection === undefined && state.failure === undefined,
  }),
  scopes: () => [textKeys],
  crumb: () => "summary",
};
