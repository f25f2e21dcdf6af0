// The entry of the one-file executable.
import { closeSync } from "node:fs";
import { main } from "../../../src/cli/main.ts";

// The launcher had the dynamic linker load two libraries in front of what the caller asked for.
// Programs that we start need neither them nor their names.
const preloaded = /^\/proc\/self\/fd\/(\d+):\/proc\/self\/fd\/(\d+)(?::(.+))?$/s;
const [, first, second, theirs] = preloaded.exec(process.env.LD_PRELOAD ?? "") ?? [];
if (first !== undefined) {
  closeSync(Number(first));
  closeSync(Number(second));
  if (theirs === undefined) delete process.env.LD_PRELOAD;
  else process.env.LD_PRELOAD = theirs;
}

// Stays where the command ends without an answer, which would be a bug.
process.exitCode = 70;
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
