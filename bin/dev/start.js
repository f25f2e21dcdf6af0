// `npm start [-- PATH]`: the built command on what is named, or on a sample: the terminal UI where
// there is a terminal, the text that scripts read where there is none.
import { fileURLToPath } from "node:url";
import { main } from "../../dist/cli.cjs";

const given = process.argv.slice(2);
const folder = fileURLToPath(new URL("../../samples/crio/", import.meta.url));
const sample = `${folder}checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar`;

const terminal = process.stdin.isTTY && process.stdout.isTTY;
const verb = terminal ? "open" : "inspect";
// Git keeps neither owner nor mode 0600, so the samples of a fresh clone cannot pass the gate.
const samples = ["--permissions", "any", terminal ? folder : sample];
process.exitCode = await main([verb, ...(given.length > 0 ? given : samples)]);
