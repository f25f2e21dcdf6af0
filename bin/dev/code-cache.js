// Stands for src/cli/command-line.ts in the built entry: loads the scripts that command-scripts.js
// made through V8's code cache, which spares about a third of the time that a small `inspect`
// takes.
import { requirePiece } from "./scripts.js";

export const { runCommandLine } = requirePiece("./command-line.js");
