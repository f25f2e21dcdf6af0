import { findingPlace } from "../../../report/audit-words.ts";
import { placeKeys } from "../../keys/audit.ts";
import type { PlaceRow } from "../../state/audit-rows.ts";
import type { Answer, Question } from "../../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { emptyLine, fitted, type Line, line, span, textWidth } from "../../view/line.ts";
import {
  type Asked,
  askedLines,
  linesStatus,
  linesText,
  scrolledTop,
  shownLines,
} from "../lines-screen.ts";
import { wholeFailure } from "../wrapped.ts";
import { jump, jumpToBytes, jumpToProcess } from "./jump.ts";

/** Something that was found, with places that one can go to. */
interface PlacesModel<A extends { path: string }, T extends { places: PlaceRow[] }> {
  crumb: string;
  question: (argument: A, reveal: boolean) => Question;
  value: (answer: Answer) => T | undefined;
  title: (argument: A, value: T | undefined) => Line;
  /** What stands above the places. */
  lines: (value: T, columns: number) => Line[];
  /** Places beyond those that are listed. */
  more?: (value: T) => number;
}

export interface PlacesState<A, T> extends Asked<T> {
  argument: A;
  reveal: boolean;
  /** First line shown. */
  top: number;
  /** The place that is chosen. */
  cursor: number;
}

type Model<A extends { path: string }, T extends { places: PlaceRow[] }> = PlacesModel<A, T>;

/** All lines, and the number of that of the first place. */
function drawn<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
  state: PlacesState<A, T>,
  { body: { columns } }: World,
): { lines: Line[]; first: number } {
  const { value, failure, cursor } = state;
  if (failure !== undefined) return { lines: wholeFailure(failure, columns), first: 0 };
  if (value === undefined) return { lines: askedLines(state, () => []), first: 0 };
  const above = model.lines(value, columns);
  if (value.places.length === 0) return { lines: above, first: above.length };
  const more = model.more?.(value) ?? 0;
  const width = noteWidth(value.places, columns);
  const lines = [
    ...above,
    emptyLine,
    line("  ", span("Places", "strong")),
    ...value.places.map((row, at) => placeLine(row, at === cursor, width)),
    ...(more > 0 ? [line("    ", span(`and ${more} more`, "dim"))] : []),
  ];
  return { lines, first: above.length + 2 };
}

/** Notes stand below each other, in a third of the room at most. */
function noteWidth(places: readonly PlaceRow[], columns: number): number {
  const widest = Math.max(...places.map(({ note }) => textWidth(note)));
  return Math.min(widest, Math.floor(columns / 3));
}

function placeLine({ place, note }: PlaceRow, selected: boolean, width: number): Line {
  const sign = span(selected ? "  ▸ " : "    ", selected ? "accent" : "dim");
  const notes = width === 0 ? [] : [span(`${fitted(note, width)}  `, "dim")];
  return { spans: [sign, ...notes, { text: findingPlace(place) }], selected };
}

/** The cursor moves from place to place, and takes the lines with it; above the first they scroll. */
function moved<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
  state: PlacesState<A, T>,
  command: string,
  world: World,
): Step<PlacesState<A, T>> {
  const { lines, first } = drawn(model, state, world);
  const { rows } = world.body;
  const count = state.value?.places.length ?? 0;
  const steps: Readonly<Record<string, number>> = { down: 1, up: -1, top: -count, bottom: count };
  const step = steps[command];
  const cursor = Math.max(0, Math.min(count - 1, state.cursor + (step ?? 0)));
  const stays = count === 0 || cursor === state.cursor || step === undefined;
  if (stays || command === "top") {
    const top = scrolledTop(state.top, command, lines.length, rows);
    return { state: top === undefined ? state : { ...state, top, cursor: Math.max(0, cursor) } };
  }
  const at = first + cursor;
  const top = Math.min(Math.max(state.top, at - rows + 1), at);
  return { state: { ...state, cursor, top } };
}

function commanded<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
  state: PlacesState<A, T>,
  command: string,
  world: World,
): Step<PlacesState<A, T>> {
  const { argument, value, cursor } = state;
  const all = (): string => linesText(drawn(model, state, world).lines);
  if (command === "refresh") return { state, acts: [ask(model, state)] };
  if (command === "save" && value !== undefined) {
    const content = { from: "text", text: all() } as const;
    return { state, acts: [{ act: "save", name: `${model.crumb}.txt`, content }] };
  }
  const row = value?.places[cursor];
  if (command === "copy") {
    const text = row === undefined ? all() : findingPlace(row.place);
    const what = row === undefined ? "the text" : "the place";
    return { state, acts: [{ act: "copy", text, what }] };
  }
  const jumps = { open: jump, "as-bytes": jumpToBytes, process: jumpToProcess } as const;
  if (Object.hasOwn(jumps, command)) {
    const go = jumps[command as keyof typeof jumps];
    return { state, acts: row === undefined ? [] : [go(argument.path, row)] };
  }
  return moved(model, state, command, world);
}

function ask<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
  { argument, reveal }: PlacesState<A, T>,
): Act {
  return { act: "ask", slot: "value", question: model.question(argument, reveal) };
}

function update<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
  state: PlacesState<A, T>,
  event: ScreenEvent,
  world: World,
): Step<PlacesState<A, T>> {
  switch (event.type) {
    case "answer": {
      const value = model.value(event.answer);
      return { state: value === undefined ? state : { ...state, value, failure: undefined } };
    }
    case "failed":
      return { state: { ...state, failure: event.failure } };
    case "world": {
      if (world.reveal === state.reveal) return { state };
      const next = { ...state, reveal: world.reveal };
      return { state: next, acts: [ask(model, next)] };
    }
    case "command":
      return commanded(model, state, event.command, world);
    default:
      return { state };
  }
}

/** Makes such a screen: text, and below it places, of which one is chosen. */
export function placesScreen<A extends { path: string }, T extends { places: PlaceRow[] }>(
  model: Model<A, T>,
): Screen<PlacesState<A, T>, A> {
  return {
    open: (argument, { reveal }) => {
      const asked = { value: undefined, failure: undefined };
      const state: PlacesState<A, T> = { ...asked, argument, reveal, top: 0, cursor: 0 };
      return { state, acts: [ask(model, state)] };
    },
    update: (state, event, world) => update(model, state, event, world),
    view: (state, world): View => {
      const { lines } = drawn(model, state, world);
      return {
        title: model.title(state.argument, state.value),
        lines: shownLines(lines, state.top, world),
        status: linesStatus(lines.length, state.top, world),
        busy: state.value === undefined && state.failure === undefined,
      };
    },
    scopes: () => [placeKeys],
    crumb: () => model.crumb,
  };
}
