import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { privateCopy, rich, scratch } from "../../support/samples.ts";
import { checkpointAt, type RunningTui, startTui } from "../support/tui.ts";

/** A tab of samples/rich, whose README says what is in it. */
async function richTab(word: string, columns = 120, rows = 80): Promise<RunningTui> {
  const ui = startTui(checkpointAt(privateCopy(rich)), { columns, rows });
  await ui.shows("What fills it");
  ui.type(":", ...word, "enter");
  await ui.settled();
  return ui;
}

const row = (ui: RunningTui, pattern: RegExp): string =>
  ui.screen.lines.find((line) => pattern.test(line)) ?? "";

describe("the tab of processes", () => {
  it("is a tree with states, threads and memory, and masks secrets of command lines", async () => {
    const ui = await richTab("processes", 160);
    const text = await ui.shows("Processes 6");
    expect(text).toMatch(/1 +alive +4 +0 +█{10} +112.0 KiB +\(rich-main\) \/bin\/rich\n/);
    expect(text).toMatch(/2 +alive .*64.0 KiB +├─ \(rich-child\) \/bin\/rich\n/);
    expect(text).toMatch(/3 +alive .*│ {2}└─ \(rich-grand\) \/bin\/rich\n/);
    expect(text).toMatch(/5 +! zombie \(exit 7\) +1 +– +– +├─ \[rich-zombie\]/);
    expect(row(ui, /^ +4 /)).toContain("--password=••••••••");
    ui.type("v");
    expect(await ui.shows("cmdline-secret-not-real")).toContain("secrets are shown");
    ui.type("v");
    expect(await ui.shows("password=•")).not.toContain("cmdline-secret");
  });

  it("folds a branch with Space, and counts what is folded", async () => {
    const ui = await richTab("processes");
    ui.type("j", "space");
    expect(await ui.shows("(rich-child) /bin/rich  ▸ 1 more")).not.toContain("│  └─");
    expect(await ui.settled()).toContain("2 of 5");
    ui.type("space");
    expect(await ui.shows("2 of 6")).toContain("│  └─ (rich-grand)");
  });

  it("is a flat list, folded ones too, while it is filtered or sorted, then a tree again", async () => {
    const ui = await richTab("processes");
    ui.type("space");
    await ui.shows("5 more");
    ui.type("/", ..."grand");
    expect(await ui.shows("1 of 1 (6 in all)")).not.toContain("└─");
    ui.type("esc");
    await ui.shows("5 more");
    ui.type("M");
    const sorted = await ui.shows("MEMORY↑");
    expect(sorted).toContain("1 of 6");
    expect(sorted).not.toContain("├─");
    const pids = [...sorted.matchAll(/^ [▸ ] +(\d) /gm)].map((match) => match[1]);
    expect(pids).toEqual(["1", "2", "3", "4", "6", "5"]);
    ui.type("t", "space");
    expect(await ui.shows("├─")).toContain("PID  STATE");
  });

  it("keeps the command in 60 columns", async () => {
    const ui = await richTab("ps", 60);
    const text = await ui.shows("COMMAND");
    expect(text).toMatch(/└─ \(rich-delete\S*…/);
    expect(text).not.toContain("THREADS");
  });
});

describe("the tab of files", () => {
  it("lists descriptors of all processes with what they are", async () => {
    const ui = await richTab("files", 160);
    const text = await ui.shows("Files 65");
    expect(text).toMatch(/ 1 +exe +regular +770.9 KiB +\/bin\/rich/);
    expect(text).toMatch(/ 1 +10 +pipe +r +16 B +pipe:\[50755\]/);
    expect(text).toMatch(/ 1 +27 +regular +rw +15 B +! \/tmp\/ghost +deleted, 15 B kept/);
    expect(text).toMatch(/ 1 +30 +timerfd .*s left, every 60 s/);
    expect(text).toMatch(/ 3 +37 +tty .*\/dev\/pts\/0/);
    expect(text).not.toContain("unread-pipe-data");
  });

  it("shows a deleted file in full, and saves what was kept of it", async () => {
    const ui = await richTab("files");
    ui.type("/", ..."/tmp/ghost", "enter", "enter");
    const text = await ui.shows("Ctrl-S writes the content");
    expect(text).toMatch(/content +checkpoint\/ghost-file-1.img/);
    expect(text).toMatch(/mode +0600/);
    const path = join(scratch(), "ghost");
    ui.type("ctrl-s");
    await ui.shows("save as ghost");
    ui.type("ctrl-u", ...path, "enter");
    await ui.shows("Write");
    ui.type("y");
    await ui.shows("saved");
    expect(readFileSync(path, "utf8")).toBe("ghost file body");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("shows what waits in a pipe only when secrets are shown", async () => {
    const ui = await richTab("files");
    ui.type("/", ..." 10 pipe", "enter", "enter");
    const text = await ui.shows("Waiting bytes");
    expect(text).toMatch(/1: 16 B +••••••••/);
    expect(text).not.toContain("unread-pipe-data");
    ui.type("v");
    await ui.shows("unread-pipe-data");
  });

  it("shows what an epoll watches, and who holds what", async () => {
    const ui = await richTab("files");
    ui.type("/", ..." 28 epoll", "enter", "enter");
    const text = await ui.shows("What it is");
    expect(text).toMatch(/fd 17.*EPOLLIN/);
    expect(text).toContain("pid 1 fd 28");
  });
});

describe("the tab of sockets", () => {
  it("shows protocol, state, both ends and unread bytes", async () => {
    const ui = await richTab("sockets");
    const text = await ui.shows("Sockets 15");
    expect(text).toMatch(/1\/17 +tcp +listen +0.0.0.0:18080/);
    expect(text).toMatch(
      /1\/22 +tcp6 +established +17 B +\[::1\]:18081 +→ \[::1\]:28081 \(pid 1 fd 21\)/,
    );
    expect(text).toMatch(/1\/13 +unix stream +established +17 B .*→ pid 2 fd 14/);
    expect(text).toMatch(/1\/16 +unix stream +listen +@rich-abstract/);
  });

  it("shows one with its options, and its queue only when secrets are shown", async () => {
    const ui = await richTab("sockets");
    ui.type("/", ..."dgram.*50758", "enter", "enter");
    const text = await ui.shows("Options");
    expect(text).toContain("so_rcvbuf");
    expect(text).toMatch(/2: 15 B +••••••••/);
    ui.type("v");
    expect(await ui.shows("second-datagram")).toContain("first-datagram");
  });
});

describe("the tab of mounts", () => {
  it("is a tree with types, sources, options and what comes from outside", async () => {
    const ui = await richTab("mounts");
    const text = await ui.shows("Mounts 31");
    expect(text).toMatch(
      /│ {2}└─ \/dev\/shm +tmpfs +shm +rw,nosuid,nodev,noexec,relatime +\/dev\/shm/,
    );
    ui.type("j", "enter");
    const mount = await ui.shows("strictatime".toUpperCase());
    expect(mount).toMatch(/options +size=65536k,mode=755/);
    expect(mount).toContain("› /dev");
  });
});
