import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { steps } from "../../bin/dev/walk-steps.js";
import { privateCopy, rich, scratch } from "../support/samples.ts";

/**
 * The built command in a real terminal: tmux gives it one, sends keys as a keyboard would, and
 * tells what stands on the screen. Left out where there is no tmux; CI brings it.
 */
const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
const command = fileURLToPath(new URL("../../bin/cryoscope.cjs", import.meta.url));
const picture = fileURLToPath(new URL("../../docs/tui/walk.svg", import.meta.url));
const name = `cryoscope-${process.pid}`;

function tmux(...args: string[]): string {
  return execFileSync("tmux", ["-L", name, "-f", "/dev/null", ...args], { encoding: "utf8" });
}

function screen(): string {
  return tmux("capture-pane", "-p", "-t", name).replace(/[ \n]+$/, "");
}

async function shows(expected: string | RegExp): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const text = screen();
    if (typeof expected === "string" ? text.includes(expected) : expected.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the screen never showed ${expected}:\n${screen()}`);
}

function type(...keys: string[]): void {
  tmux("send-keys", "-t", name, ...keys);
}

/** A shell in a terminal of its own; what it ran before must be there again afterwards. */
function startShell(columns = 120, rows = 35): void {
  tmux(
    "new-session",
    "-d",
    "-s",
    name,
    "-x",
    `${columns}`,
    "-y",
    `${rows}`,
    "env",
    "-u",
    "NO_COLOR",
    "PS1=$ ",
    "TERM=screen-256color",
    "bash",
    "--norc",
    "--noprofile",
  );
  type("stty -a > /dev/null; echo before the UI", "Enter");
}

const quoted = (text: string): string => `'${text}'`;

function open(path: string, ...options: string[]): void {
  const words = [process.execPath, command, "open", "--permissions", "owner", ...options, path];
  type(`${words.map(quoted).join(" ")}; echo "ended with $?"`, "Enter");
}

describe.skipIf(!hasTmux)("the terminal UI in a terminal", () => {
  afterEach(() => {
    spawnSync("tmux", ["-L", name, "kill-server"]);
  });

  it("walks from the list to a checkpoint, a process, its memory, a search hit, and back", async () => {
    const folder = join(privateCopy(rich), "..");
    startShell();
    await shows("before the UI");
    open(folder);
    await shows("1 archive");
    type("Enter");
    await shows("What fills it");
    type(":", "processes", "Enter");
    await shows(/python3|COMMAND/);
    type("Enter");
    await shows(/› pid 1|process/);
    type(":", "memory", "Enter");
    await shows(/\[heap\]|PERM/);
    type("Enter");
    await shows(/[0-9a-f]{12} {1,2}[0-9a-f]{2} /);
    type("/", "mysecret", "Enter");
    await shows(/1 of \d+/);
    type("n");
    await shows(/2 of \d+/);
    type("Escape");
    type("q");
    await shows(/\[heap\]|PERM/);
    type("q");
    await shows("1 of 1");
    type("q");
    const after = await shows("ended with 0");
    expect(after).toContain("before the UI");
    expect(after).not.toContain("What fills it");
    // The terminal is cooked again: what is typed is echoed, and its settings are what they were.
    type("stty -a | tr ' ' '\\n' | grep -xE 'icanon|echo|-icanon|-echo' | tr '\\n' ' '", "Enter");
    await shows(/^icanon echo/m);
  });

  it("walks as docs/tui/walk.svg shows it", async () => {
    startShell(110, 30);
    open(privateCopy(rich));
    for (const { keys = [], shows: expected, says } of steps) {
      for (const key of keys) {
        type(key);
        // Alone, Esc is a key; with what follows at once it would be another.
        if (key === "Escape") await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await shows(expected);
      expect(readFileSync(picture, "utf8")).toContain(says.replaceAll("&", "&amp;"));
    }
    type("C-c");
    await shows("ended with 0");
  });

  it.each([
    ["SIGTERM", "TERM", 143],
    ["SIGHUP", "HUP", 129],
    ["Ctrl-C", undefined, 0],
  ])("gives the terminal back after %s", async (_, signal, code) => {
    startShell();
    open(privateCopy(rich));
    await shows("What fills it");
    if (signal === undefined) type("C-c");
    else {
      const pid = tmux("list-panes", "-t", name, "-F", "#{pane_pid}").trim();
      const child = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0];
      process.kill(Number(child), `SIG${signal}` as NodeJS.Signals);
    }
    const text = await shows(`ended with ${code}`);
    expect(text).toContain("before the UI");
    type("echo echoed", "Enter");
    await shows(/^echoed/m);
  });

  it("is suspended by Ctrl-Z and comes back with fg", async () => {
    startShell();
    open(privateCopy(rich));
    await shows("What fills it");
    type("C-z");
    const text = await shows(/Stopped/);
    expect(text).toContain("before the UI");
    type("fg; echo in front it ended with $?", "Enter");
    await shows("What fills it");
    type("C-c");
    await shows("in front it ended with 0");
  });

  it("draws itself anew when the window changes", async () => {
    startShell(120, 35);
    open(privateCopy(rich));
    await shows("What fills it");
    tmux("resize-window", "-t", name, "-x", "60", "-y", "20");
    await shows(/^─{60}$/m);
    tmux("resize-window", "-t", name, "-x", "18", "-y", "5");
    await shows("too small");
    tmux("resize-window", "-t", name, "-x", "100", "-y", "30");
    await shows(/^─{100}$/m);
    type("C-c");
    await shows("ended with 0");
  });

  it("shows no colour with NO_COLOR, and some without", async () => {
    startShell();
    open(privateCopy(rich));
    await shows("What fills it");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    const colour = /\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9\d)[;m]/;
    expect(tmux("capture-pane", "-e", "-p", "-t", name)).toMatch(colour);
    type("C-c");
    await shows("ended with 0");
    open(privateCopy(rich), "--no-color");
    await shows("What fills it");
    expect(tmux("capture-pane", "-e", "-p", "-t", name)).not.toMatch(colour);
  });

  it("says what to use instead where there is no terminal", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [command, "open", scratch()], {
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/terminal UI needs a terminal[\s\S]*cryoscope list/);
  });
});
