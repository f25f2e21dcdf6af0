import { chmodSync, copyFileSync, mkdirSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { LocalEngine, type Said } from "../../src/tui/effects/engine.ts";
import { containerdCounter, crioCounter, rich, scratch } from "../support/samples.ts";
import { type RunningTui, startTui } from "../tui/support/tui.ts";
import { expectGolden, goldenNames } from "./golden.ts";

/** Screens by name: what is typed to come there, and what must stand on the screen then. */
const screens: readonly { name: string; keys: readonly string[]; shows: string | RegExp }[] = [
  { name: "checkpoints", keys: [], shows: "1 of 3" },
  { name: "summary", keys: ["j", "j", "enter"], shows: "no problems" },
  { name: "processes", keys: ["j", "j", "enter", ..."2"], shows: "COMMAND" },
  { name: "process", keys: ["j", "j", "enter", ..."2", "enter"], shows: "state" },
  { name: "memory", keys: ["j", "j", "enter", ..."3"], shows: "mappings" },
  { name: "hex", keys: ["j", "j", "enter", ..."3", "enter"], shows: "not mapped" },
  { name: "images", keys: ["j", "j", "enter", ..."4"], shows: "pages-1.img" },
  { name: "files", keys: ["j", "j", "enter", ..."5"], shows: /\d+ of \d+/ },
  { name: "sockets", keys: ["j", "j", "enter", ..."6"], shows: /\d+ of \d+/ },
  { name: "mounts", keys: ["j", "j", "enter", ..."7"], shows: /\d+ of \d+/ },
  { name: "rootfs", keys: ["j", "j", "enter", ..."8"], shows: /\d+ of \d+/ },
  { name: "logs", keys: ["j", "j", "enter", ..."9"], shows: /\d+ of \d+/ },
  { name: "audit", keys: ["j", "j", "enter", ..."0"], shows: /\d+ of \d+/ },
  {
    name: "finding",
    keys: ["j", "j", "enter", ..."0", "/", ..."writable-exec", "enter", "enter"],
    shows: "Places",
  },
  { name: "secrets", keys: ["j", "j", "enter", ":", ..."secrets", "enter"], shows: /1 of \d+/ },
  {
    name: "secret",
    keys: ["j", "j", "enter", ":", ..."secrets", "enter", "enter"],
    shows: "Places",
  },
  { name: "restore", keys: ["j", "j", "enter", "shift-tab"], shows: /1 of \d+/ },
  { name: "need", keys: ["j", "j", "enter", "shift-tab", "j", "enter"], shows: "Needed" },
  { name: "diff", keys: ["space", "space", "="], shows: /1 of \d+/ },
  { name: "help", keys: ["?"], shows: "Keys" },
];

function folderOfSamples(): string {
  const folder = join(scratch(), "checkpoints");
  mkdirSync(folder, { mode: 0o700 });
  for (const sample of [crioCounter, containerdCounter, rich]) {
    const copy = join(folder, basename(sample));
    copyFileSync(sample, copy);
    chmodSync(copy, 0o600);
    utimesSync(copy, 1763000000, 1763000000);
  }
  return folder;
}

/** The copies belong to whoever runs the tests; here they are root's, and at home, as on a node. */
function asRoot(said: Said): Said {
  if (said.type !== "answer") return said;
  const { answer } = said;
  if (answer.of === "listing") for (const item of answer.value.items) item.uid = 0;
  if (answer.of === "inspection") answer.value.archive.uid = 0;
  if (answer.of === "audit") {
    const { rows } = answer.value;
    answer.value.rows = rows?.filter(({ ruleId }) => !ruleId.startsWith("locked-down/")) ?? null;
  }
  if (answer.of === "diff") {
    const { rows } = answer.value;
    answer.value.rows = rows?.filter(({ subject }) => !subject.includes(" locked-down/")) ?? null;
  }
  return said;
}

/** What differs from machine to machine: the folder and its disk. */
function normalised(text: string): string {
  return text.replace(/^ cryoscope {3}\S+/, " cryoscope   FOLDER").replace(/ +free .*▏/g, "");
}

async function frame(ui: RunningTui, keys: readonly string[], shows: string | RegExp) {
  await ui.shows("1 of 3");
  for (const key of keys) {
    ui.type(key);
    await ui.settled();
  }
  return ui.shows(shows);
}

const widths = [60, 80, 120];

it("frames belong to a screen and a width each: none is left over", () => {
  const expected = widths.flatMap((width) => screens.map(({ name }) => `tui/${width}/${name}.txt`));
  expect(goldenNames().filter((name) => name.startsWith("tui/"))).toEqual(expected.sort());
});

describe("the terminal UI in windows of 60, 80 and 120 columns", () => {
  it.each(screens)("draws $name as before", async ({ name, keys, shows }) => {
    const folder = folderOfSamples();
    const ui = startTui([{ kind: "checkpoints", argument: { path: folder } }], {
      columns: 60,
      rows: 44,
      makeEngine: (say) => new LocalEngine({ permissions: "owner" }, (said) => say(asRoot(said))),
    });
    await frame(ui, keys, shows);
    for (const columns of widths) {
      ui.resize(columns, 44);
      await ui.settled();
      const text = await ui.shows(shows);
      expectGolden(`tui/${columns}/${name}.txt`, `${normalised(text)}\n`);
    }
  });
});
