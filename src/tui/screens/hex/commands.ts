import type { Act, Step, World } from "../../state/screen.ts";
import { copying, spaceOf } from "./copy.ts";
import { gotoLabel, readGoto } from "./goto.ts";
import { regionAt } from "./items.ts";
import { jumped, moved, travelled } from "./moves.ts";
import { pointerAt } from "./panel.ts";
import { find, reading } from "./reading.ts";
import { saveBytes } from "./saved.ts";
import { findLabel, newSearch, nextMatch, previousMatch } from "./search.ts";
import { type HexState, isOpen, markedRange, type OpenHex, type Range } from "./state.ts";

const flash = (text: string, level: "info" | "error" = "info"): Act => ({
  act: "flash",
  level,
  text,
});

const prompt = (name: string, label: string, text: string): Act => ({
  act: "prompt",
  prompt: name,
  label,
  text,
});

export function commanded(state: HexState, command: string, world: World): Step<HexState> {
  if (command === "refresh") {
    return {
      state,
      acts: [{ act: "ask", slot: "reopen", question: { of: "reopen", path: state.argument.path } }],
    };
  }
  if (command === "return" && state.back.length === 0) return { state, acts: [{ act: "pop" }] };
  if (!isOpen(state)) return { state };
  const next = moved(state, command, world);
  if (next !== undefined) return reading(still(next), world);
  if (command.startsWith("goto ")) return gone(state, command.slice("goto ".length), world);
  return others[command]?.(state, world) ?? { state };
}

/** Who moves does not want to be taken to a match that is found later. */
function still(state: OpenHex): OpenHex {
  return state.search?.jump === true
    ? { ...state, search: { ...state.search, jump: false } }
    : state;
}

const others: Readonly<Record<string, (state: OpenHex, world: World) => Step<HexState>>> = {
  goto: (state) => ({ state, acts: [prompt("goto", gotoLabel, "")] }),
  find: (state) => ({ state, acts: [prompt("find", findLabel, "")] }),
  "find-next": (state, world) => toMatch(state, world, nextMatch),
  "find-previous": (state, world) => toMatch(state, world, previousMatch),
  follow,
  return: returned,
  endian: (state) => ({ state: { ...state, bigEndian: !state.bigEndian } }),
  mark: (state) => ({
    state: { ...state, mark: state.mark === undefined ? state.cursor : undefined },
  }),
  copy: (state) => copying(state, "hex"),
  "copy-text": (state) => copying(state, "text"),
  save: (state) => ({ state, acts: [saved(state)] }),
  clear: cleared,
};

export function prompted(
  state: HexState,
  name: string,
  text: string,
  world: World,
): Step<HexState> {
  if (!isOpen(state) || text === "") return { state };
  if (name === "goto") return gone(state, text, world);
  if (name !== "find") return { state };
  const next = { ...state, search: newSearch(text) };
  return { state: next, acts: find(next) };
}

function gone(state: OpenHex, text: string, world: World): Step<HexState> {
  const read = readGoto(text, state.layout, state.cursor);
  if ("fault" in read) return { state, acts: [flash(read.fault, "error")] };
  return reading(still(travelled(state, read.to, world.body.rows)), world);
}

function toMatch(state: OpenHex, world: World, choose: typeof nextMatch): Step<HexState> {
  const { search, cursor } = state;
  if (search === undefined) return { state, acts: [flash("find something first: /")] };
  const to = choose(search, cursor);
  if (to === undefined) {
    const text = search.searching ? "nothing more was found yet" : "nothing was found";
    return { state, acts: [flash(text)] };
  }
  const forward = choose === nextMatch;
  const wrapped = forward ? to <= cursor : to >= cursor;
  const acts = wrapped ? [flash(`on from the ${forward ? "first" : "last"} match`)] : [];
  return reading(still(jumped(state, to, world.body.rows)), world, acts);
}

function follow(state: OpenHex, world: World): Step<HexState> {
  if ("member" in state.argument) return { state };
  const to = pointerAt(state);
  if (to === undefined)
    return { state, acts: [flash("the bytes of a pointer are not known here")] };
  if (regionAt(state.layout, to) === -1) {
    return { state, acts: [flash(`0x${to.toString(16)} is not mapped: no pointer`)] };
  }
  return reading(travelled(state, to, world.body.rows), world);
}

function returned(state: OpenHex, world: World): Step<HexState> {
  const to = state.back.at(-1);
  if (to === undefined) return { state };
  const next = { ...state, back: state.back.slice(0, -1) };
  return reading(jumped(next, to, world.body.rows), world);
}

function cleared(state: OpenHex): Step<HexState> {
  if (state.search !== undefined) {
    return { state: { ...state, search: undefined }, acts: [{ act: "drop", slot: "find" }] };
  }
  return { state: state.mark === undefined ? state : { ...state, mark: undefined } };
}

/** Saves the marked bytes, or the whole mapping. */
function saved(state: OpenHex): Act {
  const region = regionAt(state.layout, state.cursor);
  const { starts, ends } = state.layout;
  const whole: Range = { from: starts[region] ?? 0n, to: ends[region] ?? 0n };
  const range = markedRange(state) ?? whole;
  if (region === -1 && state.mark === undefined) return flash("nothing is mapped here");
  return saveBytes(state.argument.path, spaceOf(state), range);
}
