import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/base/problem.ts";
import { fileModel } from "../../../src/tui/screens/checkpoint/files/model.ts";
import { type ListTabState, listTab, plainRows } from "../../../src/tui/screens/list-tab.ts";
import type { Failure } from "../../../src/tui/state/questions.ts";
import type { FileRow } from "../../../src/tui/state/rows.ts";
import type { ScreenEvent, Step, World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";

const world: World = {
  body: { columns: 120, rows: 30 },
  now: 0,
  reveal: false,
  wide: false,
  readonly: false,
};

function fileRow(at: number): FileRow {
  return {
    id: `1 ${at}`,
    pid: at % 50,
    sharing: 0,
    fd: at,
    closeOnExec: false,
    kind: "regular",
    fileId: at,
    access: "rw",
    mode: "0644",
    type: "file",
    sizeBytes: at * 7,
    position: 0,
    waitingBytes: 0,
    name: `/srv/files/${at}`,
    note: "",
    deleted: false,
    ghostId: null,
    flags: "",
    mount: "",
  };
}

const part = (
  at: number,
  count: number,
  whole: boolean,
  problems: Problem[] = [],
): ScreenEvent => ({
  type: "answer",
  slot: "rows",
  answer: {
    of: "files",
    value: { at, rows: Array.from({ length: count }, (_, each) => fileRow(at + each)), problems },
  },
  part: !whole,
});

/** The tab of files, counting every cell that is made. */
function counted() {
  let cells = 0;
  const tab = listTab<FileRow, FileRow, { path: string }>({
    name: "files",
    title: "Files",
    list: {
      ...fileModel,
      columns: fileModel.columns.map((column) => ({
        ...column,
        cell: (row: FileRow, now: number) => {
          cells += 1;
          return column.cell(row, now);
        },
      })),
    },
    question: ({ path }) => ({ of: "files", path, pid: null }),
    items: (answer) => (answer.of === "files" ? answer.value : undefined),
    rows: plainRows,
    tree: false,
    empty: "nothing",
  });
  let step: Step<ListTabState<FileRow, FileRow, { path: string }>> = tab.open({ path: "a" }, world);
  const send = (...events: ScreenEvent[]): void => {
    for (const event of events) step = tab.update(step.state, event, world);
  };
  const command = (...commands: string[]): void =>
    send(...commands.map((it): ScreenEvent => ({ type: "command", command: it })));
  const lines = (): string[] => tab.view(step.state, world).lines.map(lineText);
  const taken = (): number => {
    const before = cells;
    cells = 0;
    return before;
  };
  return { tab, send, command, lines, taken, now: () => step };
}

describe("a list of 100,000 rows that comes in parts", () => {
  const full = () => {
    const list = counted();
    for (let at = 0; at < 100_000; at += 5000) list.send(part(at, 5000, at === 95_000));
    list.taken();
    return list;
  };
  // A heading, 29 rows and the 200 that widths are measured on.
  const perFrame = (200 + 2 * 29) * fileModel.columns.length;

  it("is whole, and makes no cell before it is drawn", () => {
    const list = counted();
    list.send(part(0, 5000, false));
    expect(list.tab.count?.(list.now().state)).toBeUndefined();
    list.send(part(5000, 10, true));
    expect(list.taken()).toBe(0);
    expect(list.tab.count?.(list.now().state)).toBe(5010);
  });

  it("draws, moves and sorts by the cells of the rows that are shown", () => {
    const list = full();
    expect(list.lines()).toHaveLength(30);
    expect(list.taken()).toBeLessThanOrEqual(perFrame);
    list.command("bottom");
    expect(list.lines().at(-1)).toMatch(/▸.*\/srv\/files\/99999/);
    expect(list.taken()).toBeLessThanOrEqual(perFrame);
    list.command("page-up", "page-up", "up", "top", "sort-SIZE");
    expect(list.lines()[1]).toContain("/srv/files/99999");
    expect(list.taken()).toBeLessThanOrEqual(perFrame);
  });

  it("filters by the text of a row, without its cells", () => {
    const list = full();
    list.send({ type: "prompted", prompt: "filter", text: "/9999[0-3] |/7 ", done: false });
    expect(list.taken()).toBe(0);
    expect(list.tab.view(list.now().state, world).status).toContain("(100000 in all)");
    expect(list.lines().join("\n")).toContain("/srv/files/99993");
    expect(list.taken()).toBeLessThanOrEqual(perFrame);
  });
});

describe("a list that is read again", () => {
  it("keeps its rows and its cursor until the new ones are all there", () => {
    const list = counted();
    list.send(part(0, 40, true));
    list.command("down", "down", "refresh");
    expect(list.now().acts).toMatchObject([{ act: "ask", slot: "rows" }]);
    list.send(part(0, 10, false));
    expect(list.lines()).toHaveLength(30);
    expect(list.lines().find((row) => row.includes("▸"))).toContain("/srv/files/2");
    list.send(part(10, 2, true));
    expect(list.lines()).toHaveLength(13);
    expect(list.lines().find((row) => row.includes("▸"))).toContain("/srv/files/2");
  });

  it("keeps them too where more rows come than there were", () => {
    const list = counted();
    list.send(part(0, 4, true), part(0, 20, false));
    expect(list.lines()).toHaveLength(5);
    list.send(part(20, 1, true));
    expect(list.lines()).toHaveLength(22);
  });

  it("asks again when secrets are switched, and not when the window only changed", () => {
    const list = counted();
    list.send(part(0, 3, true), { type: "world" });
    expect(list.now().acts).toEqual([]);
    const step = list.tab.update(list.now().state, { type: "world" }, { ...world, reveal: true });
    expect(step.acts).toMatchObject([{ act: "ask" }]);
  });
});

describe("a list whose images are damaged", () => {
  const problem: Problem = {
    severity: "error",
    code: "broken-image",
    message: "files.img ends in the middle of an entry",
    where: { member: "checkpoint/files.img" },
  };
  const note: Problem = { severity: "note", code: "n", message: "a note" };

  it("says so in its last row, and shows all of it on a key", () => {
    const list = counted();
    list.send(part(0, 100, true, [note, problem, { ...problem, message: "and another" }]));
    const lines = list.lines();
    expect(lines).toHaveLength(30);
    expect(lines.at(-1)).toMatch(
      /✗ files.img ends .*\(checkpoint\/files.img\).* 1 more {3}p shows/,
    );
    list.command("bottom");
    expect(list.lines().at(-2)).toContain("▸");
    list.command("problems");
    expect(list.now().acts).toMatchObject([
      {
        act: "push",
        screen: {
          kind: "text",
          argument: { lines: [expect.stringMatching(/ends/), expect.stringMatching(/another/)] },
        },
      },
    ]);
  });

  it("says nothing of mere notes", () => {
    const list = counted();
    list.send(part(0, 100, true, [note]));
    expect(list.lines().at(-1)).toContain("/srv/files/28");
    expect(list.tab.scopes(list.now().state).map(({ title }) => title)).not.toContain("Problems");
  });

  it("shows why there is none, in place of it", () => {
    const failure: Failure = { kind: "archive", message: "gone", next: "look there", code: null };
    const list = counted();
    list.send({ type: "failed", slot: "process", failure });
    expect(list.lines().join()).toContain("reading…");
    list.send({ type: "failed", slot: "rows", failure });
    expect(list.lines().join("\n")).toMatch(/✗ gone[\s\S]*look there/);
    list.send(part(0, 2, true));
    expect(list.lines()).toHaveLength(3);
  });
});
