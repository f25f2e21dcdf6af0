import { statSync } from "node:fs";
import { isRemote, shownName } from "../base/remote-name.ts";
import { builtWorker } from "./built-worker.ts";
import type { Engine, EngineMaker } from "./effects/engine.ts";
import type { EngineOptions } from "./effects/handler.ts";
import { WorkerEngine } from "./effects/worker-engine.ts";
import type { NewScreen } from "./state/screen.ts";

export interface OpenTuiOptions {
  /** An archive, a folder of archives, or a folder of images. */
  path: string;
  engine: EngineOptions;
  noColor: boolean;
  mouse: boolean;
  readonly: boolean;
}

/**
 * Opens the terminal UI on the terminal of this process.
 * @returns the exit code.
 */
export async function openTui({ path, engine, ...options }: OpenTuiOptions): Promise<number> {
  if (isRemote(path)) return openElsewhere({ path, engine, ...options });
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  // The thread that reads starts, and opens the archive, while this one loads Ink.
  const makeEngine = await engineMaker(engine, isFolder ? undefined : path);
  const { runTui } = await import("./tui.tsx");
  return runTui({ ...options, first: firstScreens(path, isFolder), makeEngine });
}

/** The UI knows the address as people may see it; a query never comes near the screen. */
async function openElsewhere({ path: url, engine, ...options }: OpenTuiOptions): Promise<number> {
  const path = shownName(url);
  const makeEngine = await engineMaker({ ...engine, address: { shown: path, url } }, path);
  const { runTui } = await import("./tui.tsx");
  const first: NewScreen[] = [{ kind: "checkpoint", argument: { path } }];
  return runTui({ ...options, first, makeEngine });
}

/** An archive is opened at once; the list it stands in is one step back. */
function firstScreens(path: string, isFolder: boolean): NewScreen[] {
  const list: NewScreen = { kind: "checkpoints", argument: { path } };
  return isFolder ? [list] : [list, { kind: "checkpoint", argument: { path } }];
}

/** Run from the sources, there is no thread to start. */
async function engineMaker(
  options: EngineOptions,
  first: string | undefined,
): Promise<EngineMaker> {
  const script = builtWorker();
  if (script !== undefined) {
    const engine = new WorkerEngine(script, options, first);
    return (say) => engine.listen(say);
  }
  const { LocalEngine } = await import("./effects/engine.ts");
  return (say): Engine => new LocalEngine(options, say);
}
