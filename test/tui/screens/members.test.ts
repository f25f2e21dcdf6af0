import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { privateCopy, rich, samplePath, scratch } from "../../support/samples.ts";
import { member, tar } from "../../support/tar-builder.ts";
import { checkpointAt, type RunningTui, startTui } from "../support/tui.ts";

async function tab(word: string, path: string, columns = 120, rows = 60): Promise<RunningTui> {
  const ui = startTui(checkpointAt(path), { columns, rows });
  await ui.shows("What fills it");
  ui.type(":", ...word, "enter");
  await ui.settled();
  return ui;
}

/** Goes to the row that a filter finds, and looks into it. */
async function into(ui: RunningTui, text: string): Promise<void> {
  ui.type("/", "ctrl-u", ...text, "enter");
  await ui.shows(`/${text}`);
  ui.type("enter");
  await ui.settled();
}

const row = (ui: RunningTui, pattern: RegExp): string =>
  ui.screen.lines.find((line) => pattern.test(line)) ?? "";

describe("the tab of members", () => {
  it("lists each with its kind, process, entries and share of the bytes", async () => {
    const ui = await tab("images", privateCopy(rich), 120, 110);
    await ui.shows("Images 96");
    expect(row(ui, /pages-4\.img/)).toMatch(/private memory +1 +112\.0 KiB +█▊ +22\.5 %$/);
    expect(row(ui, /pagemap-1\.img/)).toMatch(/PAGEMAP +1 +16 +288 B +▏ +0\.1 %$/);
    expect(row(ui, /rootfs-diff/)).toMatch(/changes to the root file system +8\.5 KiB/);
    ui.type("Z");
    expect(await ui.shows("SIZE↑")).toMatch(/▸ {3}?checkpoint\/pages-4\.img|▸ checkpoint\/pages-4/);
  });

  it("opens each as what it is", async () => {
    const ui = await tab("images", privateCopy(rich));
    await into(ui, "pagemap-1");
    await ui.shows("head and 16 entries");
    ui.type("backspace");
    await into(ui, "pages-1\\.");
    await ui.shows("byte 0");
    ui.type("backspace");
    await into(ui, "config");
    await ui.shows("▸ spec: {");
    ui.type("backspace");
    await into(ui, "ctr\\.log");
    await ui.shows("stdout F heartbeat 1");
    ui.type("backspace");
    await into(ui, "artifacts");
    await ui.shows("it has no content to look into");
    await into(ui, "ifaddr");
    await ui.shows("00000000");
    // It was looked at as text first, which is no screen to come back to.
    ui.type("backspace");
    await ui.shows("1 of 1 (96 in all)");
  });

  it("lists members of an archive inside, and looks into those", async () => {
    const ui = await tab("images", privateCopy(rich));
    await into(ui, "rootfs-diff");
    expect(await ui.shows("an archive inside it")).toMatch(/4755 +0:0 +file +544 B +tmp\/setuid/);
    expect(row(ui, /created\.link/)).toContain("→ created.conf");
    await into(ui, "etc/created\\.conf file");
    expect(await ui.shows("created-in-rootfs")).toContain("rootfs-diff.tar!etc/created.conf");
    ui.type("backspace");
    await into(ui, "setuid");
    expect(await ui.shows("00000000")).toContain(".ELF");
  });

  it("shows bytes and text of any member on demand", async () => {
    const ui = await tab("images", privateCopy(rich));
    ui.type("/", ..."pagemap-1", "enter");
    await ui.shows("1 of 1 (96 in all)");
    ui.type("x");
    expect(await ui.shows("00000000")).toContain("pagemap-1.img  288 B");
    ui.type("backspace", "t");
    await ui.shows("\\x19CVT");
  });

  it("saves a member as it is, with its owner's rights only", async () => {
    const source = privateCopy(rich);
    const ui = await tab("images", source);
    ui.type("/", ..."spec", "enter");
    await ui.shows("/spec");
    const path = join(scratch(), "spec.json");
    ui.type("ctrl-s");
    await ui.shows("save as spec.dump");
    ui.type("ctrl-u", ...path, "enter", "y");
    await ui.shows("saved /");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const spec = (await CheckpointBuilder.from(rich)).content("spec.dump");
    expect(readFileSync(path).equals(spec)).toBe(true);
  });

  it("says why an archive inside cannot be listed", async () => {
    const path = (await CheckpointBuilder.from(rich))
      .replace("rootfs-diff.tar", Buffer.alloc(2048, 7))
      .write();
    const ui = await tab("images", path);
    await into(ui, "rootfs-diff");
    await ui.shows("✗ ");
  });
});

describe("a member as text", () => {
  const texts = Array.from({ length: 300 }, (_, at) => `line ${at + 1}`).join("\n");

  async function preview(content: string | Uint8Array, columns = 80): Promise<RunningTui> {
    const path = (await CheckpointBuilder.from()).add("notes", content).write();
    const argument = { path, member: "notes" };
    return startTui([{ kind: "preview", argument }], { columns });
  }

  it("scrolls, and finds lines", async () => {
    const ui = await preview(texts);
    expect(await ui.shows("1–19 of 300")).toContain("  line 19\n");
    ui.type("G");
    await ui.shows("line 300");
    ui.type("g", "/", ..."line .*77$", "enter");
    await ui.shows("▸ line 77");
    ui.type("n");
    await ui.shows("▸ line 177");
    ui.type("N", "N");
    await ui.shows("on from the other end");
    expect(await ui.settled()).toContain("▸ line 277");
  });

  it("is scrolled sideways, tabs as blanks", async () => {
    const ui = await preview(`a\tb${"x".repeat(90)}END\nshort`, 60);
    expect(await ui.shows("a       bxxx")).not.toContain("END");
    ui.type("right", "right", "right", "right", "right", "right");
    await ui.shows("xEND");
    ui.type("left", "left", "left", "left", "left", "left");
    await ui.shows("a       b");
  });

  it("masks secrets until they are revealed", async () => {
    const ui = await preview("user: me\npassword: hunter2\n");
    expect(await ui.shows("password: ••••••••")).not.toContain("hunter2");
    ui.type("v");
    await ui.shows("password: hunter2");
  });

  it("says what it leaves out of a large one", async () => {
    const ui = await preview("0123456789abcdef\n".repeat(100_000));
    await ui.shows("! the first 1.0 MiB of 1.6 MiB");
  });

  it("cuts a large one between characters", async () => {
    const ui = await preview("€".repeat(500_000));
    expect(await ui.shows("the first 1.0 MiB")).toContain("€€€");
  });

  it("is bytes where it is no text", async () => {
    const ui = await preview(Buffer.from([1, 2, 3, 0, 255]));
    await ui.shows("02 03 00 ff");
  });

  it("is said to be empty where it is", async () => {
    await (await preview("")).shows("it is empty");
  });
});

describe("the tab of changed files", () => {
  it("is a tree with modes, sizes, links and what was deleted", async () => {
    const ui = await tab("rootfs", privateCopy(rich));
    const text = await ui.shows("Rootfs 11");
    expect(text).toContain("· Podman and CRI-O save new and deleted files");
    expect(text).toMatch(/\+ changed +4755 +file +544 B +└─ setuid-tiny|└─ setuid-tiny/);
    expect(row(ui, /delete-me/)).toMatch(/✗ deleted +│ {2}└─ delete-me/);
    expect(row(ui, /created\.link/)).toContain("→ created.conf");
    expect(row(ui, /rich-shm/)).toMatch(/· saved +0600 +file +4\.0 KiB/);
    expect(row(ui, /content of a volume/)).toContain("rich-volume");
    expect(row(ui, / tmp/)).toMatch(/directory +555 B/);
  });

  it("reads containerd's whiteouts", async () => {
    const sample = "containerd/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:05:02Z.tar";
    const ui = await tab("rootfs", privateCopy(samplePath(sample)));
    await ui.shows("changes to the root file system");
    expect(row(ui, /lab-delete-me/)).toContain("✗ deleted");
    expect(ui.screen.text).not.toContain(".wh.");
  });

  it("folds folders with Enter, shows files, and says why others have nothing to show", async () => {
    const ui = await tab("rootfs", privateCopy(rich));
    await ui.shows("inner.txt");
    ui.type("/", ..."inner", "enter");
    await ui.shows("/srv/created/inner.txt");
    ui.type("enter");
    await ui.shows("rootfs-diff.tar!srv/created/inner.txt");
    ui.type("backspace", "/", "ctrl-u", "enter", "g", "enter");
    expect(await ui.shows("more")).not.toContain("inner.txt");
    ui.type("enter");
    await ui.shows("inner.txt");
    for (const [name, why] of [
      ["delete-me", "it was deleted"],
      ["created\\.link", "it is a symlink to created.conf"],
      ["rich\\.fifo", "it is a fifo"],
    ] as const) {
      ui.type("/", "ctrl-u", ...name, "enter");
      await ui.shows(`/${name}`);
      ui.type("enter");
      await ui.shows(why);
    }
  });

  it("saves a file", async () => {
    const ui = await tab("rootfs", privateCopy(rich));
    await ui.shows("inner.txt");
    ui.type("/", ..."note.txt", "enter");
    await ui.shows("/note.txt");
    const path = join(scratch(), "note");
    ui.type("ctrl-s", "ctrl-u", ...path, "enter", "y");
    await ui.shows("saved /");
    expect(readFileSync(path, "utf8")).toHaveLength(20);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("shows names that would move a cursor or turn a line, and takes paths apart with care", async () => {
    const file = (name: string) => member({ name, body: "x", pax: [["path", name]] });
    const diff = tar([
      file("etc/\u001b[2J\u202egnp.exe"),
      file("etc/漢字漢字漢字.txt"),
      file("../outside"),
      file(`${"deep/".repeat(5000)}end`),
      member({ name: "dir/", type: "5" }),
      file("dir"),
      file("dir/inside"),
    ]);
    const path = (await CheckpointBuilder.from()).replace("rootfs-diff.tar", diff).write();
    const ui = await tab("rootfs", path, 200, 100);
    const text = await ui.shows("\\x1b[2J\\u{202e}gnp.exe");
    expect(text).toContain("漢字漢字漢字.txt");
    expect(text).toContain("outside");
    expect(text).toContain("inside");
    expect(text).not.toContain("\u202e");
    expect(text.match(/deep/g)?.length).toBeLessThan(200);
  });
});
