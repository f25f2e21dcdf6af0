import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Engine, LocalEngine, type Said } from "./effects/engine.ts";
import type { EngineOptions } from "./effects/handler.ts";
import { WorkerEngine } from "./effects/worker-engine.ts";
import type { NewScreen } from "./state/screen.ts";
import { processTerminal } from "./terminal/process-terminal.ts";
import { colourDepth } from "./theme.ts";
import { Tui } from "./tui.tsx";

export interface OpenTuiOptions {
  /** An archive, a folder of archives, or a folder of images. */
  path: string;
  engine: EngineOptions;
  noColor: boolean;
  readonly: boolean;
}

/**
 * Opens the terminal UI on the terminal of this process.
 * @returns the exit code.
 */
export function openTui({ path, engine, noColor, readonly }: OpenTuiOptions): Promise<number> {
  const terminal = processTerminal();
  const tui = new Tui(terminal, {
    first: firstScreens(path),
    colours: colourDepth(terminal.env, noColor),
    readonly,
    makeEngine: (say) => makeEngine(engine, say),
  });
  return tui.run();
}

/** An archive is opened at once; the list it stands in is one step back. */
function firstScreens(path: string): NewScreen[] {
  const list: NewScreen = { kind: "checkpoints", argument: { path } };
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? [list] : [list, { kind: "checkpoint", argument: { path } }];
}

/** The build puts the worker beside this file; run from the sources there is none. */
function makeEngine(options: EngineOptions, say: (said: Said) => void): Engine {
  const file = new URL("tui-worker.js", import.meta.url);
  return existsSync(fileURLToPath(file))
    ? new WorkerEngine(file, options, say)
    : new LocalEngine(options, say);
}
