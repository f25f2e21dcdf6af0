import { writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { enter, leave } from "./sequences.ts";
import type { Terminal, TerminalEvents } from "./terminal.ts";

/** Signals that end a program, with their numbers. */
const endings = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout } = process;
  let events: TerminalEvents | undefined;
  let inside = false;

  const give = (): void => {
    if (!inside) return;
    inside = false;
    // At once and past the stream: this also runs when the process is about to end.
    try {
      writeSync(1, leave);
    } catch {
      // The terminal is gone, so there is nothing to restore.
    }
    try {
      stdin.setRawMode(false);
    } catch {
      // Nor this.
    }
  };
  const take = (): void => {
    inside = true;
    stdin.setRawMode(true);
    stdout.write(enter);
  };
  const stop = (): void => {
    give();
    // The default action of SIGTSTP would be ours to undo; this one cannot be caught.
    process.kill(process.pid, "SIGSTOP");
  };

  return {
    env: process.env,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    now: Date.now,
    everySecond: (call) => {
      const timer = setInterval(call, 1000);
      return () => clearInterval(timer);
    },
    write: (text) => void stdout.write(text),
    suspend: stop,
    leave: () => {
      give();
      stdin.pause();
    },
    enter: (handlers) => {
      events = handlers;
      const decoder = new StringDecoder("utf8");
      take();
      stdin.on("data", (chunk: Buffer) => events?.input(decoder.write(chunk)));
      stdin.on("end", () => events?.ended(128 + endings.SIGHUP));
      for (const stream of [stdin, stdout]) {
        stream.on("error", () => events?.ended(128 + endings.SIGHUP));
      }
      stdout.on("resize", () => events?.resized());
      for (const [signal, number] of Object.entries(endings)) {
        process.on(signal, () => events?.ended(128 + number));
      }
      process.on("SIGTSTP", stop);
      process.on("SIGCONT", () => {
        if (!inside) take();
        events?.resumed();
      });
      process.on("exit", give);
      process.on("uncaughtException", (error) => events?.crashed(error));
      process.on("unhandledRejection", (error) => events?.crashed(error));
    },
  };
}
