import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { containerdCounter, crioCounter, privateCopy, rich, scratch } from "../support/samples.ts";
import { checkpointAt, listOf, startTui } from "./support/tui.ts";

/** A folder with private copies of samples. */
function folderOf(...samples: string[]): string {
  const folder = join(scratch(), "checkpoints");
  mkdirSync(folder, { mode: 0o700 });
  for (const sample of samples) {
    copyFileSync(sample, join(folder, basename(sample)));
    chmodSync(join(folder, basename(sample)), 0o600);
  }
  return folder;
}

describe("the list of checkpoints", () => {
  it("shows each archive of the folder, and what they use of the disk", async () => {
    const ui = startTui(listOf(folderOf(crioCounter, containerdCounter, rich)), { columns: 120 });
    const text = await ui.shows("rich");
    expect(text).toContain("3 archives");
    expect(text).toMatch(/default +counter-lab-node +counter +CRI-O/);
    expect(text).toMatch(/default +counter-lab-node +counter +containerd/);
    expect(text).toMatch(/1 of 3/);
  });

  it("opens a row, and comes back to it", async () => {
    const ui = startTui(listOf(folderOf(crioCounter, rich)), { rows: 40 });
    await ui.shows("2 archives");
    ui.type("j", "enter");
    expect(await ui.shows("What fills it")).toContain("checkpoints › rich");
    ui.type("esc");
    await ui.shows("2 of 2");
    expect(ui.screen.lines.find((row) => row.includes("▸"))).toContain("rich");
  });

  it("filters as one types, inverts with !, and Esc clears the filter before it goes back", async () => {
    const ui = startTui(listOf(folderOf(crioCounter, containerdCounter, rich)));
    await ui.shows("3 archives");
    ui.type("/", ..."cri-o");
    expect(await ui.shows("1 of 1 (3 in all)")).toContain("/cri-o");
    ui.type("esc");
    await ui.shows("1 of 3");
    ui.type("/", ..."!cri-o", "enter");
    await ui.shows("1 of 2 (3 in all)  /!cri-o");
    ui.type("esc");
    expect(await ui.shows("1 of 3")).not.toContain("!cri-o");
    ui.type("/", ..."(un", "enter");
    await ui.shows("0 of 0");
  });

  it("sorts by a capital letter, and again the other way round", async () => {
    const ui = startTui(listOf(folderOf(crioCounter, rich)), { columns: 120 });
    await ui.shows("2 archives");
    ui.type("Z");
    const rows = (): string[] => ui.screen.lines.filter((row) => /KiB.*✓/.test(row));
    expect(await ui.shows("SIZE↑")).toBeTruthy();
    expect(rows()[0]).toContain("counter");
    ui.type("Z");
    await ui.shows("SIZE↓");
    expect(rows()[0]).toContain("rich");
  });

  it("shows archives as they appear, grow and vanish", async () => {
    const folder = folderOf(crioCounter);
    const ui = startTui(listOf(folder));
    await ui.shows("1 archive");
    copyFileSync(rich, join(folder, "later.tar"));
    chmodSync(join(folder, "later.tar"), 0o600);
    ui.seconds(4);
    await ui.shows("2 archives");
    truncateSync(join(folder, "later.tar"), 50_000);
    ui.seconds(4);
    await ui.shows("✗ later.tar");
    rmSync(join(folder, "later.tar"));
    ui.seconds(4);
    await ui.shows("1 archive ");
  });

  it("mends what is not locked down, once it was confirmed", async () => {
    const folder = folderOf(crioCounter);
    const path = join(folder, basename(crioCounter));
    chmodSync(path, 0o644);
    const ui = startTui(listOf(folder), { columns: 120 });
    await ui.shows("✗ 0644");
    ui.type("s");
    expect(await ui.shows("Lock down")).toContain("y secure");
    ui.type("n");
    await ui.settled();
    expect(statSync(path).mode & 0o777).toBe(0o644);
    ui.type("s", "y");
    await ui.shows("✓");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await ui.shows(/CRI-O .*✓/);
  });

  it("names a refused archive by its file where nothing else is known", async () => {
    const folder = folderOf(rich);
    chmodSync(join(folder, basename(rich)), 0o644);
    const ui = startTui(listOf(folder), { columns: 120 });
    expect(await ui.shows("✗ 0644")).toContain("rich-crun.tar");
  });

  it("has no key that changes anything when it was started read-only", async () => {
    const folder = folderOf(crioCounter);
    chmodSync(join(folder, basename(crioCounter)), 0o644);
    const ui = startTui(listOf(folder), { readonly: true });
    await ui.shows("✗ 0644");
    ui.type("s");
    expect(await ui.settled()).not.toContain("Lock down");
    ui.type("?");
    expect(await ui.shows("Keys")).not.toContain("lock the archive down");
  });

  it("says why a folder cannot be listed, and goes on when it can", async () => {
    const folder = folderOf(crioCounter);
    const ui = startTui(listOf(`${folder}-later`));
    await ui.shows("✗ there is no");
    renameSync(folder, `${folder}-later`);
    ui.seconds(4);
    await ui.shows("1 archive");
  });
});

describe("a checkpoint", () => {
  it("is summed up, with everything that inspect says first", async () => {
    const ui = startTui(checkpointAt(privateCopy(crioCounter)), { columns: 120, rows: 40 });
    const text = await ui.shows("What fills it");
    for (const fact of [
      "default/counter-lab-node",
      "cri-o",
      "136.0 KiB",
      "Frozen for",
      "✓ no problems",
    ]) {
      expect(text).toContain(fact);
    }
  });

  it("that cannot be read says why and what to do, and the way back is open", async () => {
    const path = privateCopy(rich);
    truncateSync(path, 100);
    const ui = startTui(checkpointAt(path), { rows: 40 });
    expect(await ui.shows("✗")).toContain("checkpoints ›");
    ui.type("q");
    await ui.shows(/1 archive/);
  });

  it("stays readable when its file is deleted, and says so when it changed", async () => {
    const path = privateCopy(rich);
    const ui = startTui(checkpointAt(path), { rows: 40 });
    await ui.shows("What fills it");
    rmSync(path);
    ui.seconds(5);
    await ui.shows("! the file is gone");
    ui.type("ctrl-r");
    expect(await ui.settled()).toContain("What fills it");
    copyFileSync(crioCounter, path);
    chmodSync(path, 0o600);
    ui.seconds(5);
    await ui.shows("! the archive changed on disk");
    ui.type("ctrl-r");
    await ui.shows("counter-lab-node");
  });
});

describe("everywhere", () => {
  it("? shows the keys that are live, and goes again", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)), { rows: 60 });
    await ui.shows("1 archive");
    ui.type("?");
    const text = await ui.shows("Command line");
    expect(text).toContain(`${"Shift-Tab".slice(0, 0)}lock the archive down`);
    expect(text).toContain(":checkpoints");
    ui.type("f1");
    await ui.shows("1 of 1");
  });

  it("the command line completes, goes where it is told, and names what it does not know", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)));
    await ui.shows("1 archive");
    ui.type(":", ..."hel", "tab");
    expect(await ui.shows(":help")).toBeTruthy();
    ui.type("enter");
    await ui.shows("Keys");
    ui.type(":", ..."nonsense", "enter");
    await ui.shows("there is no :nonsense");
    ui.type(":", ..."cp", "enter");
    await ui.shows("1 of 1");
    ui.type(":", ..."ps", "enter");
    await ui.shows("open a checkpoint first");
  });

  it("a message goes away by itself or with Esc, which does nothing else then", async () => {
    const ui = startTui(checkpointAt(privateCopy(crioCounter)), { rows: 40 });
    await ui.shows("What fills it");
    ui.type(":", ..."nonsense", "enter");
    await ui.shows("there is no :nonsense");
    ui.type("esc");
    expect(await ui.settled()).toContain("checkpoints › default/counter-lab-node/counter");
    ui.type(":", ..."nonsense", "enter");
    await ui.shows("there is no :nonsense");
    ui.seconds(7);
    await ui.shows("checkpoints › default/counter-lab-node/counter");
  });

  it("- goes back to the screen before a jump", async () => {
    const ui = startTui(checkpointAt(privateCopy(crioCounter)), { rows: 40 });
    await ui.shows("What fills it");
    ui.type(":", ..."cp", "enter");
    await ui.shows("1 of 1");
    ui.type("-");
    await ui.shows("What fills it");
  });

  it("v shows secrets and masks them again", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)));
    await ui.shows("1 archive");
    ui.type("v");
    await ui.shows("! secrets are shown");
    expect(ui.tui.app.reveal).toBe(true);
    ui.type("v");
    await ui.shows("secrets are masked");
  });

  it("c copies by OSC 52", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)));
    await ui.shows("1 archive");
    ui.type("c");
    await ui.shows("copied the row");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that is looked for
    const copied = /\u001b\]52;c;([^\u0007]+)\u0007/.exec(ui.screen.raw)?.[1] ?? "";
    expect(Buffer.from(copied, "base64").toString()).toMatch(
      /^default\tcounter-lab-node\tcounter\t/,
    );
  });

  it("q goes back, and quits on the first screen; Ctrl-C quits anywhere", async () => {
    const ui = startTui(checkpointAt(privateCopy(crioCounter)), { rows: 40 });
    await ui.shows("What fills it");
    ui.type("q");
    await ui.shows("1 of 1");
    expect(ui.inside()).toBe(true);
    ui.type("q");
    expect(await ui.exit).toBe(0);
    expect(ui.inside()).toBe(false);
    const other = startTui(checkpointAt(privateCopy(crioCounter)), { rows: 40 });
    await other.shows("What fills it");
    other.type("ctrl-c");
    expect(await other.exit).toBe(0);
  });

  it("gives the terminal back when a signal ends it and when it crashes", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)));
    await ui.shows("1 archive");
    ui.events.ended(143);
    expect(await ui.exit).toBe(143);
    expect(ui.inside()).toBe(false);
    const other = startTui(listOf(folderOf(crioCounter)));
    await other.shows("1 archive");
    other.events.crashed(new Error("boom"));
    await expect(other.exit).rejects.toThrow("boom");
    expect(other.inside()).toBe(false);
  });

  it("draws itself for any window, and keeps its place", async () => {
    const ui = startTui(listOf(folderOf(crioCounter, containerdCounter, rich)));
    await ui.shows("3 archives");
    ui.type("j", "j");
    for (const [columns, rows] of [
      [60, 15],
      [300, 80],
      [20, 6],
      [400, 120],
      [20, 5],
      [1, 1],
      [80, 24],
    ] as const) {
      ui.resize(columns, rows);
      const text = await ui.settled();
      expect(ui.screen.lines.length).toBeLessThanOrEqual(rows);
      if (columns >= 60) expect(text).toContain("▸");
    }
    expect(await ui.settled()).toContain("3 of 3");
  });

  it("follows the mouse where it was asked to", async () => {
    const folder = folderOf(crioCounter, containerdCounter, rich);
    const ui = startTui(listOf(folder), { mouse: true });
    await ui.shows("1 of 3");
    // Row 5 of the terminal, counted from 1, is the second of the list.
    ui.type("\u001b[<0;10;5M\u001b[<0;10;5m");
    await ui.shows("2 of 3");
    ui.type("\u001b[<65;10;5M");
    await ui.shows("3 of 3");
    expect(ui.screen.raw).toContain("\u001b[?1006h");
    const other = startTui(listOf(folder));
    await other.shows("1 of 3");
    expect(other.screen.raw).not.toContain("\u001b[?1006h");
  });

  it("says so where the window is too small to show anything", async () => {
    const ui = startTui(listOf(folderOf(crioCounter)), { columns: 20, rows: 5 });
    expect(await ui.settled()).toContain("too small");
  });
});
