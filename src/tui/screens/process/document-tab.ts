import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { textKeys } from "../../keys/table.ts";
import type { Act, Step, World } from "../../state/screen.ts";
import { emptyLine, type Line } from "../../view/line.ts";
import {
  type Asked,
  askedLines,
  linesStatus,
  linesText,
  scrolledTop,
  shownLines,
} from "../lines-screen.ts";
import type { Tab } from "../tab.ts";
import type { PartArgument } from "./argument.ts";

/** A part of a process that is drawn from its document, which the screen asks for once. */
export interface DocumentState extends Asked<ProcessDocument> {
  top: number;
}

interface DocumentTab {
  name: string;
  title: string;
  lines: (document: ProcessDocument, columns: number) => Line[];
}

export function documentTab(it: DocumentTab): Tab<DocumentState, PartArgument> {
  const { name, title } = it;
  const drawn = (state: DocumentState, { body }: World): Line[] =>
    askedLines(state, (document) => it.lines(document, body.columns));
  const commanded = (state: DocumentState, command: string, world: World): Step<DocumentState> => {
    const lines = drawn(state, world);
    const text = (): string => linesText(lines);
    if (command === "copy") return { state, acts: [{ act: "copy", text: text(), what: title }] };
    if (command === "save") {
      const save: Act = {
        act: "save",
        name: `${name}.txt`,
        content: { from: "text", text: text() },
      };
      return { state, acts: [save] };
    }
    const top = scrolledTop(state.top, command, lines.length, world.body.rows);
    return { state: top === undefined || top === state.top ? state : { ...state, top } };
  };
  return {
    name,
    title,
    open: ({ document }) => ({ state: { value: document, failure: undefined, top: 0 } }),
    update: (state, event, world) => {
      if (event.type === "answer" && event.answer.of === "process") {
        return { state: { ...state, value: event.answer.value, failure: undefined } };
      }
      if (event.type === "failed") return { state: { ...state, failure: event.failure } };
      return event.type === "command" ? commanded(state, event.command, world) : { state };
    },
    view: (state, world) => {
      const lines = drawn(state, world);
      return {
        title: emptyLine,
        lines: shownLines(lines, state.top, world),
        status: linesStatus(lines.length, state.top, world),
        busy: state.value === undefined && state.failure === undefined,
      };
    },
    scopes: () => [textKeys],
    crumb: () => name,
  };
}
