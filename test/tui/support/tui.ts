import { onTestFinished } from "vitest";
import type { PermissionPolicy } from "../../../src/archive/permission-gate.ts";
import { LocalEngine } from "../../../src/tui/effects/engine.ts";
import type { NewScreen } from "../../../src/tui/state/screen.ts";
import type { Terminal, TerminalEvents } from "../../../src/tui/terminal/terminal.ts";
import { escapeTime, Tui, type TuiOptions } from "../../../src/tui/tui.tsx";
import { FakeScreen } from "./screen.ts";

export interface RunningTui {
  tui: Tui;
  screen: FakeScreen;
  /** Sends keys by the bytes that a terminal sends for them. */
  type(...keys: string[]): void;
  /** Waits until nothing is being read and the last frame is drawn; gives the screen's text. */
  settled(): Promise<string>;
  /** `settled`, until the screen shows it. */
  shows(expected: string | RegExp): Promise<string>;
  /** Lets so many seconds go by. */
  seconds(count: number): void;
  resize(columns: number, rows: number): void;
  events: TerminalEvents;
  exit: Promise<number>;
  /** Is the terminal ours? */
  inside(): boolean;
}

export interface TuiTestOptions extends Partial<TuiOptions> {
  columns?: number;
  rows?: number;
  permissions?: PermissionPolicy;
}

const bytes: Readonly<Record<string, string>> = {
  enter: "\r",
  esc: "\u001b",
  tab: "\t",
  "shift-tab": "\u001b[Z",
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  home: "\u001b[H",
  end: "\u001b[F",
  pgup: "\u001b[5~",
  pgdn: "\u001b[6~",
  backspace: "\u007f",
  space: " ",
  f1: "\u001bOP",
};

function byteOf(key: string): string {
  const control = /^ctrl-([a-z])$/.exec(key);
  if (control !== null) return String.fromCharCode((control[1] as string).charCodeAt(0) - 96);
  return bytes[key] ?? key;
}

const clock = Date.parse("2026-11-22T00:00:00Z");

/** Runs the UI on a terminal of the test's own, reading archives in this thread. */
export function startTui(first: readonly NewScreen[], options: TuiTestOptions = {}): RunningTui {
  const { columns = 80, rows = 24, permissions = "owner", ...rest } = options;
  const screen = new FakeScreen();
  let size = { columns, rows };
  let events: TerminalEvents | undefined;
  let inside = false;
  let now = clock;
  const ticks = new Set<() => void>();
  const terminal: Terminal = {
    env: {},
    size: () => size,
    now: () => now,
    everySecond: (call) => {
      ticks.add(call);
      return () => ticks.delete(call);
    },
    enter: (handlers) => {
      events = handlers;
      inside = true;
    },
    leave: () => {
      inside = false;
    },
    write: (text) => screen.write(text),
    suspend: () => events?.resumed(),
  };
  const tui = new Tui(terminal, {
    first,
    colours: "none",
    mouse: false,
    readonly: false,
    makeEngine: (say) => new LocalEngine({ permissions }, say),
    ...rest,
  });
  const exit = tui.run();
  let escapes = false;
  const settled = async (): Promise<string> => {
    // Whether Esc stands alone is known only when nothing has followed it for a while.
    if (escapes) await new Promise((resolve) => setTimeout(resolve, 2 * escapeTime));
    escapes = false;
    for (let waited = 0; waited < 2000; waited++) {
      await new Promise((resolve) => setTimeout(resolve, waited === 0 ? 20 : 5));
      if (Object.keys(tui.app.pending).length === 0) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    return screen.text;
  };
  const running: RunningTui = {
    tui,
    screen,
    exit,
    settled,
    inside: () => inside,
    type: (...keys) => {
      for (const key of keys) events?.input(byteOf(key));
      escapes ||= keys.at(-1) === "esc";
    },
    shows: async (expected) => {
      for (let tries = 0; tries < 40; tries++) {
        const text = await settled();
        if (typeof expected === "string" ? text.includes(expected) : expected.test(text)) {
          return text;
        }
      }
      throw new Error(`the screen never showed ${expected}:\n${screen.text}`);
    },
    seconds: (count) => {
      for (let second = 0; second < count; second++) {
        now += 1000;
        for (const tick of ticks) tick();
      }
    },
    resize: (wide, high) => {
      size = { columns: wide, rows: high };
      events?.resized();
    },
    get events() {
      return events as TerminalEvents;
    },
  };
  onTestFinished(async () => {
    events?.ended(0);
    await exit.catch(() => {});
  });
  return running;
}

/** The list of checkpoints in a folder. */
export const listOf = (path: string): NewScreen[] => [{ kind: "checkpoints", argument: { path } }];

/** One checkpoint, with the list behind it. */
export const checkpointAt = (path: string): NewScreen[] => [
  ...listOf(path),
  { kind: "checkpoint", argument: { path } },
];
