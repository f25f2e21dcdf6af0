import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/base/text.ts";
import { evilText, withEvilMetadata } from "../support/evil-checkpoint.ts";
import { checkpointAt, startTui } from "./support/tui.ts";

/** Wide, combining, joined, right to left, and half a character. */
const odd = "漢字カナ👩‍👩‍👧‍👦🇩🇪é\u0301\u0323 שלום عربى ｆｕｌｌ \ud83d end";

// The last comes to the tab that has no digit.
const tabs = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "tab"];

// The terminal of these tests refuses every control sequence that is not the UI's own, so that a
// foreign one that came through fails them wherever it is.
describe.each([
  ["hostile", evilText],
  ["odd", odd],
])("%s text", (_, text) => {
  it.each([60, 120])("is shown for what it is at %i columns", async (columns) => {
    const path = await withEvilMetadata(text);
    const ui = startTui(checkpointAt(path), { columns, rows: 40 });
    await ui.shows(/What fills it|✗/);
    for (const tab of tabs) {
      ui.type(tab);
      const shown = await ui.settled();
      for (const row of shown.split("\n")) expect(displayWidth(row)).toBeLessThanOrEqual(columns);
      ui.type("enter");
      await ui.settled();
      ui.type("esc");
      await ui.settled();
    }
    ui.type("esc", "esc", "esc");
    await ui.settled();
    for (const row of ui.screen.lines) expect(displayWidth(row)).toBeLessThanOrEqual(columns);
    expect(ui.screen.lines.length).toBeLessThanOrEqual(40);
  });
});

describe("text that is typed", () => {
  it("is sanitised too", async () => {
    const path = await withEvilMetadata();
    const ui = startTui(checkpointAt(path), { rows: 40 });
    await ui.shows(/What fills it|✗/);
    ui.type(":cp", "enter");
    await ui.settled();
    ui.type("/", `\u001b[200~${evilText.replaceAll("\u001b", "")}漢\u001b[201~`);
    expect(await ui.settled()).toContain("gnp.exe");
  });
});
