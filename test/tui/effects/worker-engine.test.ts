import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { WorkerEngine } from "../../../src/tui/effects/worker-engine.ts";
import { scratch } from "../../support/samples.ts";

it("takes back what its thread had begun to write when the UI ends, and nothing else", async () => {
  const folder = scratch();
  mkdirSync(join(folder, "bundle.partial"));
  for (const name of ["image.partial", "whole", "bundle.partial/config.json"]) {
    writeFileSync(join(folder, name), "");
  }
  const begun = (name: string, state = "begun"): string =>
    `parentPort.postMessage(${JSON.stringify({ partial: join(folder, name), state })});`;
  const script = join(scratch(), "thread.mjs");
  writeFileSync(
    script,
    [
      'import { parentPort } from "node:worker_threads";',
      begun("image.partial"),
      begun("bundle.partial"),
      begun("whole"),
      begun("whole", "done"),
      'parentPort.postMessage({ type: "answer", question: 1, part: true, answer: {} });',
      "parentPort.on('message', () => {});",
    ].join("\n"),
  );
  const engine = new WorkerEngine(pathToFileURL(script), {}, undefined);
  await new Promise<void>((resolve) => {
    engine.listen(() => resolve());
    engine.ask(1, { of: "contexts" });
  });
  await engine.close();
  expect(readdirSync(folder)).toEqual(["whole"]);
});
