// Stands for src/tui/tui.tsx where open-tui.ts loads it: a script cannot wait at its top level, so
// the layout engine is waited for here.
// biome-ignore lint/correctness/noUndeclaredDependencies: Ink brings it, and must find the same.
import { ready } from "yoga-layout";
import { runTui as run } from "../../../src/tui/tui.tsx";

export async function runTui(options) {
  await ready;
  return run(options);
}
