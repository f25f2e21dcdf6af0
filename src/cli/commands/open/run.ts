import { lstatSync } from "node:fs";
import { UsageError } from "../../../base/errors.ts";
import { isRemote, shownName } from "../../../base/remote-name.ts";
import { quote } from "../../../base/shell.ts";
import type { EngineOptions } from "../../../tui/effects/handler.ts";
import type { Io } from "../../io.ts";
import { checkpointOptions, type OpeningOptions } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";

export interface OpenCommandOptions extends OpeningOptions, Pick<CommonOptions, "color" | "debug"> {
  kubeconfig?: string;
  context?: string;
  mouse?: boolean;
  readonly?: boolean;
}

/** Opens the terminal UI; where there is no terminal, says what to use instead. */
export async function runOpen(path: string, options: OpenCommandOptions, io: Io): Promise<number> {
  const missing = missingTerminal(io);
  if (missing !== undefined) {
    throw new UsageError({
      what: `the terminal UI needs a terminal, and ${missing}`,
      next: isFolder(path)
        ? `cryoscope list ${quote(shownName(path))}`
        : `cryoscope inspect ${quote(shownName(path))}`,
    });
  }
  return io.openTui({
    path,
    engine: {
      ...engineOptions({ ...options, output: "table" }, io),
      cluster: { env: { ...io.env }, file: options.kubeconfig, context: options.context },
    },
    noColor: !options.color,
    mouse: options.mouse === true,
    readonly: options.readonly === true,
  });
}

/** What another thread can be given: data alone. */
function engineOptions(
  options: Omit<OpenCommandOptions, "color"> & { output: "table" },
  io: Io,
): EngineOptions {
  const { remoteHooks: _, ...data } = checkpointOptions(options, io);
  return data;
}

/** Keys come from stdin and the screen goes to stdout, so both must be a terminal. */
function missingTerminal(io: Io): string | undefined {
  if (!io.stdin.isTTY) return "standard input is none";
  if (!io.out.isTTY) return "standard output is none";
  return io.env["TERM"] === "dumb"
    ? "TERM=dumb says that this one cannot move its cursor"
    : undefined;
}

/** Without a path that exists, the folder is the likelier thing to be meant. */
function isFolder(path: string): boolean {
  return !isRemote(path) && lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true;
}
