// Manuals of the commands, for the build, other documents and tests.
import { processIo } from "../../../src/cli/io.ts";
import { type CommandManual, commandManuals } from "../../../src/cli/manual/command-manual.ts";
import { buildProgram } from "../../../src/cli/program.ts";

export { manPage, pageName } from "./man-page.ts";

/** The manuals of every command, the program's first. */
export function everyManual(): CommandManual[] {
  const program = buildProgram(
    processIo(async () => 70),
    () => {},
  );
  return commandManuals(program);
}
