import { describe, expect, it } from "vitest";
import { Alteration } from "../../support/alteration.ts";
import { privateCopy, rich } from "../../support/samples.ts";
import { checkpointAt, type RunningTui, startTui } from "../support/tui.ts";

/** One process of samples/rich, whose README says what is in it. */
async function richProcess(pid: number, columns = 120, rows = 60): Promise<RunningTui> {
  const path = privateCopy(rich);
  const ui = startTui([...checkpointAt(path), { kind: "process", argument: { path, pid } }], {
    columns,
    rows,
  });
  await ui.shows(/(alive|zombie).*\n.*Overview/);
  return ui;
}

describe("the screen of a process", () => {
  it("says who it is, what it runs and what it may", async () => {
    const ui = await richProcess(3);
    const text = await ui.settled();
    expect(text).toMatch(/pid 3 rich-grand +alive/);
    expect(text).toMatch(/parent +2/);
    expect(text).toMatch(/session +3, which it leads/);
    expect(text).toMatch(/folder +\/srv\/data/);
    expect(text).toMatch(/umask +0027/);
    expect(text).toMatch(/seccomp +filter: 1,161 instructions/);
    expect(text).toMatch(/effective +CHOWN DAC_OVERRIDE FOWNER .*SETFCAP/);
    expect(text).toMatch(/bounding +as effective/);
    expect(text).toMatch(/user +\d+ {2}! the host's/);
  });

  it("masks secrets of its command line until they are revealed", async () => {
    const ui = await richProcess(4);
    expect(await ui.settled()).toMatch(/command .*--password=••••••••/);
    ui.type("v");
    await ui.shows("--password=cmdline-secret-not-real");
    ui.type("v");
    expect(await ui.shows("password=•")).not.toContain("cmdline-secret");
  });

  it("stands in one column in a narrow window, and scrolls", async () => {
    const ui = await richProcess(6, 60, 20);
    expect(await ui.settled()).toContain("Overview  Envi  File");
    ui.type("pgdn");
    expect(await ui.shows("/tmp/vanishing  ! deleted")).toMatch(/\d+–\d+ of \d+/);
  });

  it("goes through its parts with ] and [, Tab and digits, and back with Esc", async () => {
    const ui = await richProcess(1);
    ui.type("]");
    await ui.shows("VARIABLE");
    ui.type("tab");
    await ui.shows("Files 34");
    ui.type("[");
    await ui.shows("VARIABLE");
    ui.type("6");
    await ui.shows(/NOFILE +20,000 +20,000 +descriptors/);
    ui.type("esc");
    await ui.shows("What fills it");
  });

  it("masks secrets of the environment with their length, until they are revealed", async () => {
    const ui = await richProcess(1);
    ui.type("2");
    const text = await ui.shows("Environment 8");
    expect(text).toMatch(/POSTGRES_PASSWORD +•+ \(17\)/);
    expect(text).toMatch(/DATABASE_URL +postgres:\/\/app:•+@127.0.0.1/);
    expect(text).not.toContain("mysecret-not-real");
    ui.type("v");
    expect(await ui.shows(/POSTGRES_PASSWORD +mysecret-not-real/)).not.toContain("(17)");
    ui.type("/", ..."^HOME", "enter", "c");
    await ui.shows("copied");
    const copied = [...ui.screen.raw.matchAll(/\]52;c;([A-Za-z0-9+/=]*)/g)].at(-1)?.[1] ?? "";
    expect(Buffer.from(copied, "base64").toString()).toBe("HOME=/");
  });

  it("shows one variable in full, and masks it like the list", async () => {
    const ui = await richProcess(1, 80);
    ui.type("2", "/", ..."^POSTGRES", "enter");
    await ui.shows("1 of 1 (8 in all)");
    ui.type("enter");
    const text = await ui.shows("variable of pid 1");
    expect(text).toMatch(/name +POSTGRES_PASSWORD/);
    expect(text).toMatch(/value +•+ {2}\(v reveals\)/);
    expect(text).toMatch(/length +17 characters/);
    ui.type("v");
    expect(await ui.shows(/value +mysecret-not-real\n/)).not.toContain("reveals");
    ui.type("v");
    await ui.shows(/value +•+ {2}\(v reveals\)/);
  });

  it("opens the row of a name that is there twice, and shows foreign text for what it is", async () => {
    const altered = await Alteration.of(rich);
    altered.bytes("pages-4.img", "container=podman", "HOSTNAME=ev\u001b[2Jl");
    altered.bytes("pages-4.img", "HOME=/", "H\u001b[m=/");
    const path = altered.write();
    const ui = startTui([{ kind: "process", argument: { path, pid: 1 } }], { rows: 40 });
    await ui.shows("Overview");
    ui.type("2", "/", ..."^HOSTNAME", "enter");
    await ui.shows("1 of 2 (8 in all)");
    ui.type("enter");
    // The terminal of the test refuses what is not the UI's own.
    await ui.shows(/value +ev\\x1b\[2Jl/);
    ui.type("esc", "down", "enter");
    await ui.shows(/value +rich\n/);
    ui.type("esc", "/", ...Array<string>(9).fill("backspace"), "enter");
    await ui.shows("Environment 8");
    ui.type("end", "enter");
    await ui.shows(/name +H\\x1b\[m/);
  });

  it("lists its files, and opens one", async () => {
    const ui = await richProcess(2, 160);
    ui.type("3");
    const text = await ui.shows("Files 9");
    expect(text).toMatch(/cwd +regular .*\/srv\/data/);
    expect(text).toMatch(/18 +inet-socket +rw .*127.0.0.1:28080 -> 127.0.0.1:18080/);
    ui.type("G", "enter");
    await ui.shows("pid 2 fd 18");
  });

  it("lists its mappings, and opens the hex view at one", async () => {
    const ui = await richProcess(1);
    ui.type("4");
    await ui.shows("Mappings 29");
    ui.type("/", ..."100000030000", "enter", "enter");
    await ui.shows("wx-page-marker");
  });

  it("lists threads with the registers of the one under the cursor, and each in full", async () => {
    const ui = await richProcess(1);
    ui.type("5");
    const text = await ui.shows("Threads 4");
    expect(text).toMatch(/8 +rich-thr-2 +SCHED_OTHER .*SIGRTMIN\+1 +SIGUSR2 SIGRTMIN\+1/);
    expect(text).toMatch(/Registers of thread 1 rich-main/);
    expect(text).toMatch(/rip +0x43d895/);
    ui.type("j", "j");
    expect(await ui.shows("Registers of thread 8")).toMatch(/rip +0x419cc9/);
    ui.type("enter");
    const thread = await ui.shows("thread 8 rich-thr-2");
    expect(thread).toMatch(/pending +SIGRTMIN\+1 by SI_TKILL from pid 1/);
    expect(thread).toContain("Floating-point and vector registers");
  });

  it("shows handlers, pending and blocked signals, and timers", async () => {
    const ui = await richProcess(1);
    ui.type("7");
    const text = await ui.shows("Handlers");
    expect(text).toMatch(/SIGUSR1 +0x402895 +SA_RESTORER SA_RESTART/);
    expect(text).toMatch(/SIGPIPE +ignored/);
    expect(text).toMatch(/pid 1 +SIGUSR2 by SI_QUEUE from pid 1 \(uid 0\) with 0x7/);
    expect(text).toMatch(/thread 8 +SIGRTMIN\+1 by SI_TKILL .*for it alone/);
    expect(text).toMatch(/threads 1, 7, 8, 9 +SIGUSR2 SIGRTMIN\+1/);
    ui.type("]");
    const timers = await ui.shows("Interval timers");
    expect(timers).toMatch(/real +3597\.\d+ s left, every 120 s/);
    expect(timers).toMatch(/tells +SIGEV_SIGNAL SIGRTMIN\+2/);
  });

  it("shows of a zombie what there is, and says what there is not", async () => {
    const ui = await richProcess(5);
    expect(await ui.settled()).toMatch(/state +zombie \(exit 7\)/);
    for (const [key, text] of [
      ["2", "its environment is empty, or its memory is not in the dump"],
      ["3", "it has no file open"],
      ["4", "no memory of a process 5"],
      ["5", "it has ended"],
      ["6", "no limits"],
      ["7", "none waits"],
      ["8", "no timer runs"],
    ] as const) {
      ui.type(key);
      await ui.shows(text);
    }
  });

  it("says of a process that is not there that it is not", async () => {
    const path = privateCopy(rich);
    const ui = startTui([...checkpointAt(path), { kind: "process", argument: { path, pid: 99 } }]);
    await ui.shows("✗ there is no process 99 in the archive");
  });
});
