import { hex } from "../../../base/u64.ts";
import { type ListModel, rowAt } from "../../state/list.ts";
import type { Failure } from "../../state/questions.ts";
import type { Act, Step, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { listLines, listStatus } from "../../view/table.ts";
import { failureLines } from "../lines-screen.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../list-screen.ts";
import type { Tab } from "../tab.ts";
import { registerLines, type Thread } from "../thread/lines.ts";
import type { ThreadArgument } from "../thread/thread.ts";
import type { PartArgument } from "./argument.ts";

interface ThreadsState {
  path: string;
  pid: number;
  /** Undefined until the process is known. */
  listed: Listed<Thread> | undefined;
  failure: Failure | undefined;
}

type S = ThreadsState;

function register({ registers }: Thread, names: readonly string[]): string {
  for (const name of names) {
    const value = registers?.general[name];
    if (value !== undefined) return hex(value);
  }
  return "–";
}

const threadModel: ListModel<Thread> = {
  id: ({ tid }) => `${tid}`,
  columns: [
    {
      title: "TID",
      align: "right",
      cell: ({ tid }) => `${tid}`,
      sort: { key: "T", by: (it) => it.tid },
    },
    {
      title: "NAME",
      cell: ({ comm }) => comm ?? "–",
      sort: { key: "A", by: (it) => it.comm ?? "" },
    },
    { title: "POLICY", cell: ({ policy }) => policy ?? "–", drop: 3 },
    { title: "NICE", align: "right", cell: ({ nice }) => `${nice ?? "–"}`, drop: 4 },
    {
      title: "UID",
      align: "right",
      cell: ({ credentials }) => `${credentials?.uid.effective ?? "–"}`,
      drop: 5,
    },
    { title: "IP", cell: (it) => register(it, ["rip", "pc", "nip", "psw_addr"]) },
    { title: "SP", cell: (it) => register(it, ["rsp", "sp"]), drop: 2 },
    {
      title: "PENDING",
      cell: ({ pendingSignals }) => pendingSignals.map(({ name }) => name).join(" "),
      flexible: true,
      drop: 1,
    },
    {
      title: "BLOCKED",
      cell: ({ blockedSignals }) => (blockedSignals ?? []).join(" "),
      flexible: true,
      drop: 6,
    },
  ],
};

/** Rows of the list; below them stand the registers of the thread under the cursor. */
function listWorld(world: World, threads: number): World {
  const { rows } = world.body;
  const half = Math.max(4, Math.floor(rows / 2));
  return { ...world, body: { ...world.body, rows: Math.min(rows, half, threads + 1) } };
}

function listing(state: S, step: ReturnType<typeof updateListed<Thread>>): Step<S> {
  if (step === undefined) return { state };
  const same = step.listed === state.listed;
  return { state: same ? state : { ...state, listed: step.listed }, acts: step.acts };
}

function opened({ path, pid, listed }: S): readonly Act[] {
  const thread = listed && rowAt(listed.rows, threadModel, listed.list);
  if (thread === undefined) return [];
  const argument: ThreadArgument = { path, pid, tid: thread.tid };
  return [{ act: "push", screen: { kind: "thread", argument } }];
}

function body({ listed, failure }: S, world: World): readonly Line[] {
  if (failure !== undefined) return failureLines(failure);
  if (listed === undefined) return [emptyLine, line("   ", span("reading…", "dim"))];
  if (listed.rows.length === 0) {
    return [emptyLine, line("   ", span("it has no threads: it has ended", "dim"))];
  }
  const rows = listLines(
    listed.rows,
    threadModel,
    listed.list,
    listWorld(world, listed.rows.length),
  );
  const thread = rowAt(listed.rows, threadModel, listed.list);
  if (thread === undefined) return rows;
  const registers = thread.registers === null ? {} : thread.registers.general;
  return [
    ...rows,
    emptyLine,
    line("  ", span(`Registers of thread ${thread.tid} ${thread.comm ?? ""}`, "strong")),
    ...registerLines(registers, world.body.columns),
  ].slice(0, world.body.rows);
}

/** Threads, with the registers of the one under the cursor below. */
export const threadsTab: Tab<ThreadsState, PartArgument> = {
  name: "threads",
  title: "Threads",
  count: ({ listed }) => listed?.rows.length,
  open: ({ path, pid, document }) => ({
    state: { path, pid, listed: document && newListed(document.threads), failure: undefined },
  }),
  update: (state, event, world) => {
    if (event.type === "failed") return { state: { ...state, failure: event.failure } };
    if (event.type === "answer") {
      if (event.answer.of !== "process") return { state };
      const { threads } = event.answer.value;
      const room = listWorld(world, threads.length);
      const listed = withRows(state.listed ?? newListed<Thread>(), threads, threadModel, room);
      return { state: { ...state, listed, failure: undefined } };
    }
    if (event.type === "command" && event.command === "open") return { state, acts: opened(state) };
    if (state.listed === undefined) return { state };
    const room = listWorld(world, state.listed.rows.length);
    return listing(state, updateListed(state.listed, threadModel, event, room));
  },
  view: (state, world) => ({
    title: emptyLine,
    lines: body(state, world),
    status:
      state.listed === undefined
        ? ""
        : listStatus(state.listed.rows, threadModel, state.listed.list),
    busy: state.listed === undefined && state.failure === undefined,
  }),
  scopes: () => listScopes(threadModel, true),
  crumb: () => "threads",
};
