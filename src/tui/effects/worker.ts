// The thread that reads archives for the UI: questions come in, answers go out.
import { parentPort, workerData } from "node:worker_threads";
import { LocalEngine } from "./engine.ts";
import type { EngineOptions } from "./handler.ts";
import type { Told } from "./worker-engine.ts";

const engine = new LocalEngine(workerData as EngineOptions, (said) =>
  parentPort?.postMessage(said),
);

parentPort?.on("message", (told: Told) => {
  if ("ask" in told) engine.ask(told.ask, told.asked);
  else if ("drop" in told) engine.drop(told.drop);
  else void engine.close();
});
