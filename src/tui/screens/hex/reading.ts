import type { Act, Step, World } from "../../state/screen.ts";
import { spaceOf } from "./copy.ts";
import { newSearch } from "./search.ts";
import type { HexState, OpenHex } from "./state.ts";
import { wanted } from "./windows.ts";

/** Asks what the space is made of; a search that was under way begins anew. */
export function asking(state: HexState): Step<HexState> {
  const { path } = state.argument;
  const ask: Act = {
    act: "ask",
    slot: "space",
    question: { of: "space", path, space: spaceOf(state) },
  };
  if (state.search?.searching !== true) return { state, acts: [ask] };
  const search = { ...newSearch(state.search.text), jump: state.search.jump };
  const next = { ...state, search };
  return { state: next, acts: [ask, ...find(next)] };
}

/** Asks for the matches of the search. */
export function find(state: HexState): Act[] {
  const { search, argument } = state;
  if (search === undefined) return [];
  const { pattern } = search;
  const question = { of: "find", path: argument.path, space: spaceOf(state), pattern } as const;
  return [{ act: "ask", slot: "find", question }];
}

/** Asks for what is shown and not known, unless that is being read. */
export function reading(
  state: OpenHex,
  { body }: World,
  acts: readonly Act[] = [],
): Step<HexState> {
  const range = wanted(state, body.rows);
  const { asked, width, argument } = state;
  const waits =
    asked !== undefined && range !== undefined && asked.from < range.to && asked.to > range.from;
  if (range === undefined || waits) return { state, acts };
  const { from, to } = range;
  const question = {
    of: "bytes",
    path: argument.path,
    space: spaceOf(state),
    from,
    to,
    width,
  } as const;
  return {
    state: { ...state, asked: range },
    acts: [...acts, { act: "ask", slot: "bytes", question }],
  };
}
