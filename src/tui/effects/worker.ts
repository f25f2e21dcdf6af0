// The thread that reads archives for the UI: questions come in, answers go out.
import { parentPort, workerData } from "node:worker_threads";
import { LocalEngine } from "./engine.ts";
import type { Heard, Told, WorkerData } from "./worker-engine.ts";

const { options, first } = workerData as WorkerData;
const tell = (heard: Heard): void => parentPort?.postMessage(heard);
const engine = new LocalEngine(options, tell, (partial, state) => tell({ partial, state }));

if (first !== undefined) engine.prepare(first);
parentPort?.on("message", (told: Told) => {
  if ("ask" in told) engine.ask(told.ask, told.asked);
  else if ("drop" in told) engine.drop(told.drop);
  else void engine.close();
});
