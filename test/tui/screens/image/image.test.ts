// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control sequences are what this reads
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../../../support/checkpoint-builder.ts";
import { entry, image, minimal, u32 } from "../../../support/criu-encoder.ts";
import { evilText, left } from "../../../support/evil-checkpoint.ts";
import { owner } from "../../../support/hostile.ts";
import { run } from "../../../support/run.ts";
import { privateCopy, rich, scratch } from "../../../support/samples.ts";
import { type RunningTui, startTui } from "../../support/tui.ts";

function tree(member: string, path = privateCopy(rich), columns = 120): RunningTui {
  return startTui([{ kind: "image", argument: { path, member } }], { columns, rows: 50 });
}

/** What was put on the clipboard last (OSC 52). */
function clipboard(ui: RunningTui): string {
  const found = [...ui.screen.raw.matchAll(/\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/g)].at(-1);
  return Buffer.from(found?.[1] ?? "", "base64").toString();
}

/** Saves under a name of the test's own, and reads what was written. */
async function saved(ui: RunningTui, key: string): Promise<string> {
  const path = join(scratch(), "saved.json");
  ui.type(key);
  await ui.shows("save as");
  ui.type("ctrl-u", ...path, "enter");
  expect(await ui.shows("only its owner can read it")).toContain("y save");
  ui.type("y");
  await ui.shows(`saved ${path.slice(0, 20)}`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return readFileSync(path, "utf8");
}

async function decoded(path: string, member: string): Promise<string> {
  return (await run(["decode", "--pretty", ...owner, path, member])).out;
}

describe("an image as a tree", () => {
  it("shows entries by their beginnings, and what is in them when they are unfolded", async () => {
    const ui = tree("checkpoint/pagemap-1.img");
    expect(await ui.shows("[16]: {")).toContain("PAGEMAP   head and 16 entries   288 B");
    expect(ui.screen.text).toContain('▸ [1]: { vaddr: "0x401000", compat_nr_pages: 0, flags: "PE_');
    ui.type("j", "space");
    expect(await ui.shows("▾ [1]: 4 below")).toMatch(/ {7}vaddr: "0x401000"\n/);
    ui.type("j", "left");
    await ui.shows("2 of 21");
    ui.type("left");
    expect(await ui.shows("2 of 17")).toContain("▸ [1]: {");
    ui.type("right", "right");
    await ui.shows("3 of 21");
    ui.type("z");
    await ui.shows("2 of 17");
  });

  it("shows a single entry unfolded, and unfolds all below with *", async () => {
    const ui = tree("checkpoint/core-1.img");
    expect(await ui.shows('mtype: "X86_64"')).toContain("CORE   1 entry");
    expect(ui.screen.text).not.toMatch(/^ +r15: /m);
    ui.type("*");
    await ui.shows(/^ +r15: "0x/m);
    ui.type("/", ..."sched_nice", "enter");
    expect(await ui.shows("1 of 1 matches")).toContain("▾ thread_core: ");
  });

  it("copies and saves a node and the whole as decode --pretty prints them", async () => {
    const path = privateCopy(rich);
    const member = "checkpoint/fdinfo-2.img";
    const whole = await decoded(path, member);
    const { entries } = JSON.parse(whole) as { entries: { id: number }[] };
    const ui = tree(member, path);
    await ui.shows("[30]: {");
    ui.type("j", "j", "y");
    await ui.shows("copied it as JSON");
    expect(JSON.parse(clipboard(ui))).toEqual(entries[2]);
    expect(clipboard(ui)).toMatch(/^\{\n {4}"id": /);
    expect(await saved(ui, "ctrl-s")).toBe(`${clipboard(ui)}\n`);
    expect(await saved(ui, "s")).toBe(whole);
    ui.type("space", "j", "y");
    await ui.shows("copied it as JSON");
    expect(clipboard(ui)).toBe(`${entries[2]?.id}`);
  });

  it("leads from a payload to its bytes, and copies them with their entry", async () => {
    const path = privateCopy(rich);
    const member = "checkpoint/pipes-data.img";
    const ui = tree(member, path);
    await ui.shows("payload: 16 bytes at offset 22");
    ui.type("y");
    await ui.shows("copied it as JSON");
    const { entries } = JSON.parse(await decoded(path, member)) as { entries: object[] };
    expect(JSON.parse(clipboard(ui))).toEqual(entries[0]);
    ui.type("G", "enter");
    expect(await ui.shows("00000010")).toMatch(/▸00000010 .*\[[0-9a-f]{2}\]/);
    expect(ui.screen.text).toContain("byte 22");
  });

  it("shows messages of a SysV queue below their entry", async () => {
    const ui = tree("checkpoint/ipcns-msg-11.img");
    await ui.shows("messages: [");
    ui.type("*");
    expect(await ui.shows("payload: 24 bytes at offset 47")).toMatch(/▾ messages: 1 below/);
  });

  it("finds names and values, counts them, and goes from one to the next around the end", async () => {
    const ui = tree("checkpoint/pagemap-1.img");
    await ui.shows("[16]: {");
    ui.type("/", ..."nr_pages: 3", "enter");
    expect(await ui.shows("1 of 2 matches")).toMatch(/▸ {5}nr_pages: 3\n/);
    ui.type("n");
    await ui.shows("2 of 2 matches");
    expect(ui.screen.text).toContain("▾ [16]: 4 below");
    ui.type("n");
    await ui.shows("on from the first match");
    ui.type("esc");
    await ui.shows("1 of 2 matches");
    ui.type("esc");
    expect(await ui.shows("10 of 25")).not.toContain("matches");
    ui.type("/", ..."no such thing", "enter");
    await ui.shows("nothing has no such thing");
  });

  it("shows what can be read of an image that is cut, and says where it ends", async () => {
    const good = entry("pagemap_entry", { vaddr: 0x1000n, compat_nr_pages: 1, flags: 4 });
    const cut = image("PAGEMAP", entry("pagemap_head", { pages_id: 7 }), good, good, u32(500));
    const path = (await CheckpointBuilder.from()).add("checkpoint/pagemap-77.img", cut).write();
    const ui = tree("checkpoint/pagemap-77.img", path);
    const text = await ui.shows("✗ an entry announces more bytes than there are");
    expect(text).toContain(`(entry 3, offset ${cut.length - 4})`);
    expect(text).toContain('[2]: { vaddr: "0x1000"');
    ui.type("G");
    await ui.shows("3 of 3");
  });

  it("shows the entries around one that is no message, and why that is none", async () => {
    const good = entry("pagemap_entry", { vaddr: 0x1000n, compat_nr_pages: 1, flags: 4 });
    const bad = Buffer.concat([u32(3), Buffer.from([0xff, 0xff, 0xff])]);
    const head = entry("pagemap_head", { pages_id: 7 });
    const mixed = image("PAGEMAP", head, good, bad, good);
    const path = (await CheckpointBuilder.from()).add("checkpoint/pagemap-77.img", mixed).write();
    const ui = tree("checkpoint/pagemap-77.img", path);
    const text = await ui.shows('[3]: { vaddr: "0x1000"');
    expect(text).toMatch(/✗ \[2\]: a pagemap_entry is no valid protobuf message/);
    ui.type("j", "j", "enter");
    expect((await ui.shows("(entry 2, offset")).replace(/\s+/g, " ")).toContain("3 bytes of whole");
  });

  it("says what a member is that is no image, and still shows its bytes", async () => {
    const path = (await CheckpointBuilder.from())
      .add("checkpoint/pagemap-77.img", "no image at all")
      .write();
    const ui = tree("checkpoint/pagemap-77.img", path);
    await ui.shows("✗ this is no CRIU image that we know");
    ui.type("x");
    await ui.shows("no image at all");
  });

  it("lets no text of an image do anything to the terminal", async () => {
    const tc = { ...minimal("task_core_entry"), task_state: 1, comm: evilText };
    const core = image("CORE", entry("core_entry", { mtype: 1, tc }));
    const path = (await CheckpointBuilder.from()).replace("checkpoint/core-1.img", core).write();
    const ui = tree("checkpoint/core-1.img", path);
    await ui.shows("▸ tc: {");
    ui.type("*");
    expect(await ui.shows(left)).not.toMatch(/[\u202e\u2066\u200b\u{e0041}]/u);
  });
});

describe("a document as a tree", () => {
  it("masks environments, arguments and annotations until they are revealed", async () => {
    const path = privateCopy(rich);
    const ui = tree("spec.dump", path);
    await ui.shows("annotations: {");
    ui.type("j", "*");
    await ui.shows('[3]: "POSTGRES_PASSWORD=••••••••"');
    expect(ui.screen.text).toContain("postgres://app:••••••••@127.0.0.1");
    ui.type("y");
    await ui.shows("copied it as JSON");
    expect(clipboard(ui)).toContain("POSTGRES_PASSWORD=••••••••");
    expect(clipboard(ui)).toContain('"cwd": "/"');
    ui.type("v");
    const text = await ui.shows(/POSTGRES_PASSWORD=[^•]/);
    expect(text).toContain("▾ env: 8 below");
    ui.type("v");
    await ui.shows("POSTGRES_PASSWORD=••••••••");
  });

  it("masks values of the names beside them, and lists and numbers whose names are secret", async () => {
    const document = {
      containers: [{ env: [{ name: "API_TOKEN", value: "tok-1" }] }],
      passwords: ["tok-2"],
      pin: 4711,
      __proto__x: null,
      plain: "stays",
      script: "export DB_PASSWORD=tok-3",
      exact: "§",
    };
    const text = JSON.stringify(document).replace('"§"', "18446744073709551615");
    const path = (await CheckpointBuilder.from()).replace("config.dump", text).write();
    const ui = tree("config.dump", path);
    await ui.shows('plain: "stays"');
    ui.type("*", "j", "*", "g", "*");
    const shown = await ui.shows('value: "••••••••"');
    expect(shown).not.toMatch(/tok-|4711/);
    expect(shown).toContain("exact: 18446744073709551615");
    expect(shown).toContain("__proto__x: null");
    expect(await saved(ui, "s")).toContain("tok-3");
  });

  it("says that something is no JSON without quoting it, and shows it as text", async () => {
    const path = (await CheckpointBuilder.from())
      .replace("config.dump", '{"password": "hunter2" oops')
      .write();
    const ui = tree("config.dump", path);
    expect(await ui.shows("✗ config.dump is no JSON")).not.toContain("hunter2");
    ui.type("t");
    expect(await ui.shows("oops")).not.toContain("hunter2");
  });

  it("refuses to nest without end", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const path = (await CheckpointBuilder.from()).replace("config.dump", deep).write();
    const ui = tree("config.dump", path);
    await ui.shows(/✗ (a document nests too deep|config.dump is no JSON)/);
  });

  it("shows a document that is a single value", async () => {
    const ui = tree("network.status");
    expect(await ui.shows("1 of 1")).toContain("null");
  });
});
