import { version } from "../base/version.ts";
import { type Io, processIo } from "./io.ts";

/** The terminal UI is a program of its own beside the command line (see bin/dev/build.js). */
const openTui: Io["openTui"] = async (options) =>
  (await import("../tui/open-tui.ts")).openTui(options);

/**
 * Runs the command line.
 * @param argv arguments without `node` and the script.
 * @returns the exit code; nothing in here ends the process.
 */
export async function main(argv: readonly string[], io: Io = processIo(openTui)): Promise<number> {
  const words = io.calledAs === "kubectl_complete-cryoscope" ? ["__complete", ...argv] : argv;
  // Asked by every script and completion, so it must not cost the loading of all the rest.
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    await io.out.write(`cryoscope ${version}\n`);
    return 0;
  }
  const { runCommandLine } = await import("./command-line.ts");
  return runCommandLine(words, io);
}
