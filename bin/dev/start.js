// `npm start [-- ARGUMENTS]`: the built command on what is named, or on a sample.
import { fileURLToPath } from "node:url";
import { main } from "../../dist/cli.js";

const given = process.argv.slice(2);
const folder = fileURLToPath(new URL("../../samples/crio/", import.meta.url));
const sample = `${folder}checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar`;

// Git keeps neither owner nor mode 0600, so the sample of a fresh clone cannot pass the gate.
const argv = given.length > 0 ? ["inspect", ...given] : ["inspect", "--permissions", "any", sample];
process.exitCode = await main(argv);
