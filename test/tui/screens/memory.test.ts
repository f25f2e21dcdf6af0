import { describe, expect, it } from "vitest";
import type { MappingRow } from "../../../src/memory/mapping-list.ts";
import { memoryTab } from "../../../src/tui/screens/checkpoint/memory/memory.ts";
import type { MappingsPart } from "../../../src/tui/state/questions.ts";
import type { World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";
import { privateCopy, rich } from "../../support/samples.ts";
import { checkpointAt, startTui } from "../support/tui.ts";

describe("the memory tab", () => {
  it("lists the mappings of the first process, with what was dumped of them", async () => {
    const ui = startTui(checkpointAt(privateCopy(rich)), { columns: 120, rows: 40 });
    await ui.shows("What fills it");
    ui.type(":", ..."maps", "enter");
    const text = await ui.shows("29 mappings");
    expect(text).toMatch(/pid 1 rich-main {3}1 of 5 \[ ] {3}29 mappings/);
    expect(text).toMatch(/3c5b5000 +136\.0 KiB {2}rw-p {2}▊ +12\.0 KiB +private +\[heap]/);
    expect(text).toMatch(/401000 +568\.0 KiB {2}r-xp .*file 564\.0 KiB +file +\/bin\/rich/);
  });

  it("goes from process to process, around the end", async () => {
    const ui = startTui(checkpointAt(privateCopy(rich)), { columns: 120, rows: 40 });
    ui.type(":", ..."memory", "enter");
    await ui.shows(" 1 of 5 [");
    ui.type("]");
    const second = await ui.shows(" 2 of 5 [");
    expect(second).not.toContain("pid 1 ");
    ui.type("[", "[");
    await ui.shows(" 5 of 5 [");
  });

  it("filters, sorts, and opens a mapping's bytes", async () => {
    const ui = startTui(checkpointAt(privateCopy(rich)), { columns: 120, rows: 40 });
    ui.type(":", ..."memory", "enter");
    await ui.shows("1 of 29");
    ui.type("D");
    await ui.shows("DUMPED↑");
    ui.type("/", ..."stack", "enter");
    await ui.shows("1 of 1 (29 in all)");
    ui.type("enter");
    const bytes = await ui.shows("at     7ffe770d9000");
    expect(bytes).toContain("› memory › pid 1");
    ui.type("esc");
    await ui.shows("1 of 1 (29 in all)");
    ui.type(":", ..."goto 3c5b6719", "enter");
    expect(await ui.shows("▸00003c5b6710")).toContain("at     3c5b6719");
  });

  it("saves a mapping's bytes under the name that `memory dump` gives it", async () => {
    const ui = startTui(checkpointAt(privateCopy(rich)), { columns: 120, rows: 40 });
    ui.type(":", ..."memory", "enter");
    await ui.shows("1 of 29");
    ui.type("ctrl-s");
    await ui.shows("pid-1-0000000000400000-0000000000401000.bin");
  });
});

const world: World = {
  body: { columns: 80, rows: 20 },
  now: 0,
  reveal: false,
  wide: false,
  readonly: false,
};

function row(at: number): MappingRow {
  const start = 0x7f0000000000n + BigInt(at) * 8192n;
  return {
    start: `0x${start.toString(16)}`,
    end: `0x${(start + 4096n).toString(16)}`,
    permissions: "rw-p",
    backing: "private",
    name: at % 100 === 7 ? `/lib/\u001b[31m${at}.so` : "",
    offset: "0x0",
    shmid: null,
    sizeBytes: 4096,
    dumpedBytes: at % 2 === 0 ? 4096 : 0,
    zeroBytes: 0,
    fileBytes: 0,
    parentBytes: 0,
    lazyBytes: 0,
    kernelBytes: 0,
    missingBytes: at === 3 ? 4096 : 0,
  };
}

/** The tab with rows that came in parts. */
function filled(count: number, parts: number) {
  let { state } = memoryTab.open({ path: "x" }, world);
  const rows = Array.from({ length: count }, (_, at) => row(at));
  const size = Math.ceil(count / parts);
  for (let at = 0; at < count; at += size) {
    const value: MappingsPart = {
      processes: [{ pid: 7, comm: "java" }],
      pid: 7,
      at,
      rows: rows.slice(at, at + size),
      problems: [],
    };
    const part = at + size < count;
    const answer = { of: "mappings", value } as const;
    ({ state } = memoryTab.update(
      state,
      { type: "answer", slot: "mappings", answer, part },
      world,
    ));
  }
  return state;
}

describe("many mappings", () => {
  it("are shown as they come, and counted when all are there", () => {
    const state = filled(100_000, 20);
    const text = memoryTab.view(state, world).lines.map(lineText).join("\n");
    expect(text).toContain("100,000 mappings  390.6 MiB  195.3 MiB dumped");
    expect(text).toMatch(/7f0000006000 .* ✗ – /);
    const wide = { ...world, body: { columns: 120, rows: 20 } };
    expect(memoryTab.view(state, wide).lines.map(lineText).join("\n")).toContain(
      "✗ missing 4.0 KiB",
    );
    expect(memoryTab.view(state, world).lines.length).toBeLessThanOrEqual(world.body.rows);
  });

  it("are filtered by name, and what names do to a terminal is undone", () => {
    let state = filled(1000, 2);
    ({ state } = memoryTab.update(
      state,
      { type: "prompted", prompt: "filter", text: "\\.so$", done: true },
      world,
    ));
    const { lines, status } = memoryTab.view(state, world);
    expect(status).toContain("1 of 10 (1000 in all)");
    const text = lines.map(lineText).join("\n");
    expect(text).toContain("\\x1b[31m7.so");
    expect(text).not.toContain("\u001b");
  });
});
