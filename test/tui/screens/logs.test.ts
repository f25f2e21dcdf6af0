import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { evilText, left } from "../../support/evil-checkpoint.ts";
import { containerdCounter, privateCopy, rich, scratch } from "../../support/samples.ts";
import { checkpointAt, type RunningTui, startTui } from "../support/tui.ts";

async function logs(path: string, columns = 100): Promise<RunningTui> {
  const ui = startTui(checkpointAt(path), { columns, rows: 40 });
  await ui.shows("What fills it");
  ui.type(":", ..."logs", "enter");
  await ui.settled();
  return ui;
}

async function withLog(text: string | Uint8Array, columns?: number): Promise<RunningTui> {
  return logs((await CheckpointBuilder.from(rich)).replace("ctr.log", text).write(), columns);
}

describe("the tab of logs", () => {
  it("shows the container's log before CRIU's, each below a heading, times and streams apart", async () => {
    const ui = await logs(privateCopy(containerdCounter));
    const text = await ui.shows("Logs 2");
    expect(text).toMatch(/▸ container\.log {2}container log {2}\d+ lines, /);
    expect(text).toMatch(/\n {5}2026-11-21T21:04:\d\d\.\d+Z stdout count 1\n/);
    ui.type("]");
    expect(await ui.shows(/▸ dump\.log {2}CRIU dump log {2}1,\d+ lines/)).toBeTruthy();
    ui.type("[");
    await ui.shows("1 of");
    ui.type("[");
    await ui.shows("no further log");
  });

  it("marks CRIU's errors and warnings, and goes from one to the next", async () => {
    const ui = await logs(privateCopy(containerdCounter));
    await ui.shows("Logs 2");
    ui.type("n");
    await ui.shows(/▸ ✗ 00\.\d+ Error \(criu\/util\.c:1534\): rlimit/);
    ui.type("n");
    await ui.shows(/▸ ! 00\.\d+ Warn {2}\(compel/);
    ui.type("N");
    await ui.shows(/▸ ✗ 00\.\d+ Error/);
    ui.type("N");
    await ui.shows("no further error or warning");
  });

  it("filters all logs at once, and jumps among what is left", async () => {
    const ui = await logs(privateCopy(containerdCounter));
    await ui.shows("Logs 2");
    ui.type("/", ..."count|rlimit:", "enter");
    const text = await ui.shows("count 1");
    expect(text).not.toContain("CRIU run id");
    ui.type("n");
    await ui.shows(/▸ ✗ .*rlimit/);
  });

  it("marks what a container wrote to stderr, and keeps lines that no runtime wrote", async () => {
    const ui = await withLog(
      "2026-11-21T21:20:01.9+00:00 stderr F it failed\r\nplain (12) line\n2026-11-21T21:20:02Z stdout P half\n",
    );
    const text = await ui.shows("3 lines");
    expect(text).toContain("   › 2026-11-21T21:20:01.9+00:00 stderr it failed\n");
    expect(text).toContain("     plain (12) line\n");
    expect(text).toContain("2026-11-21T21:20:02Z stdout half");
  });

  it("masks secrets until they are revealed, wherever the line is shown", async () => {
    const ui = await withLog("2026-11-21T21:20:01Z stdout F login DB_PASSWORD=hunter2 ok\n");
    expect(await ui.shows("DB_PASSWORD=•••••••• ok")).not.toContain("hunter2");
    ui.type("j", "enter");
    expect(await ui.shows("login DB_PASSWORD=••••••••")).not.toContain("hunter2");
    ui.type("backspace", "v");
    await ui.shows("hunter2");
  });

  it("scrolls long lines sideways, and shows one in full", async () => {
    const ui = await withLog(`${"word ".repeat(40)}END\n`, 60);
    expect(await ui.shows("word word")).not.toContain("END");
    ui.type(..."llllllllllllllllllllll");
    await ui.shows("END");
    ui.type("j", "enter");
    await ui.shows("END");
  });

  it("reads the end of a large log, whole lines only, says so, and saves all of it", async () => {
    const line = (at: number): string => `line ${String(at).padStart(6, "0")} ${"x".repeat(87)}\n`;
    const text = Array.from({ length: 60_000 }, (_, at) => line(at)).join("");
    const ui = await withLog(text);
    const shown = await ui.shows("the last 41,943 lines of 5.7 MiB (6,000,000 bytes)");
    expect(shown).toContain("     line 018057 xxx");
    expect(shown).not.toContain("line 018056");
    ui.type("G");
    await ui.shows("line 059999");
    const path = join(scratch(), "whole.log");
    ui.type("ctrl-s", "ctrl-u", ...path, "enter", "y");
    await ui.shows("saved /");
    expect(readFileSync(path, "utf8") === text).toBe(true);
  });

  it("keeps its head over a log of nothing but line breaks, and one line without an end", async () => {
    const empty = await withLog("\n".repeat(3_000_000));
    await empty.shows("the last 100,000 lines of");
    const endless = await withLog("a".repeat(200_000));
    endless.type("j", "enter");
    await endless.shows(" aaaaa");
    endless.type("G");
    await endless.shows("and 183616 characters more");
  });

  it("lets nothing that a container wrote do anything to the terminal", async () => {
    const evil = evilText.replaceAll("\n", "");
    const ui = await withLog(`2026-11-21T21:20:01Z stderr F ${evil}漢字\n${evilText}\n`, 200);
    const text = await ui.shows(left);
    expect(text).toContain("漢字");
    expect(text).not.toMatch(/[\u202e\u2066\u200b\u2028\u{e0041}]/u);
    ui.type("j", "enter");
    expect(await ui.shows(left)).not.toMatch(/[\u202e\u2066\u200b\u2028\u{e0041}]/u);
  });

  it("says so where there is no log", async () => {
    const path = (await CheckpointBuilder.from(rich)).drop("ctr.log").write();
    await (await logs(path)).shows("the archive holds no log");
  });

  it("says above the error of CRIU's log why it came and what helps, and dims what follows", async () => {
    const dumpLog = readFileSync(new URL("../../diagnose/excerpts/tcp.log", import.meta.url));
    const archive = (await CheckpointBuilder.from(containerdCounter)).replace("dump.log", dumpLog);
    const ui = await logs(await archive.write(), 120);
    expect(await ui.shows("the dump failed")).toMatch(
      /dump\.log {2}CRIU dump log {2}\d+ lines, .*; the dump failed/,
    );
    ui.type("e");
    const text = await ui.shows(/▸ ✗ 00\.\d+ Error \(criu\/sk-inet/);
    expect(text).toMatch(/cause +the container holds an open TCP connection/);
    expect(text).toMatch(/remedy +let CRIU keep connections, .*: put the line "tcp-established"/);
    expect(text).toMatch(/see +https:..github.com.checkpoint-restore.criu.issues.589/);
    ui.type("k", "k", "k", "enter");
    await ui.shows(/criu.crun\.conf\) on/);
  });

  it("says of a log that ended well that there is nothing to go to", async () => {
    const ui = await logs(privateCopy(containerdCounter));
    await ui.shows("Logs 2");
    ui.type("]");
    await ui.shows("the dump went well");
    ui.type("e");
    await ui.shows("no log of CRIU's here tells of an error");
  });
});
