// `npm run walk`: records the walk of walk-steps.js, twice, and writes it as an asciinema recording
// and as an animated picture. Times are those of the steps, so the same screens give the same files.
import { deepStrictEqual } from "node:assert/strict";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { castOf } from "./cast.js";
import { readScreen } from "./screen.js";
import { size, TerminalSession } from "./terminal-session.js";
import { animatedSvg } from "./terminal-svg.js";
import { steps } from "./walk-steps.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const title = "cryoscope: a walk through a checkpoint";
const secondsPerTick = 1.2;

const frames = await record();
const again = await record();
for (const [at, { screen }] of frames.entries()) {
  deepStrictEqual(again[at].screen, screen, `not the same twice: ${steps[at].says}`);
}
const pictures = join(root, "docs", "tui");
write("walk.cast", castOf(frames, size, { title, secondsPerTick }));
write("walk.svg", animatedSvg(frames, size, { title, secondsPerTick }));

function write(name, text) {
  writeFileSync(join(pictures, name), text);
  console.log(`docs/tui/${name}  ${Math.ceil(text.length / 1024)} KiB`);
}

/** A frame a step: its screen with colours, its words, its ticks. */
async function record() {
  const folder = mkdtempSync("/var/tmp/cryoscope-walk-");
  // As long as the folder's own name, so that lines are cut where they would be.
  const shownFolder = "/srv/cases/2026-11-21/lab/rich".padEnd(folder.length, "_");
  const archive = join(folder, "rich.tar");
  copyFileSync(join(root, "samples/podman/rich-crun.tar"), archive);
  chmodSync(archive, 0o600);
  const session = new TerminalSession(folder, [archive]);
  const recorded = [];
  try {
    for (const { keys = [], shows, says, ticks } of steps) {
      await session.type(keys);
      await session.until(shows);
      const screen = readScreen(session.screen().replaceAll(folder, shownFolder), size);
      recorded.push({ screen, says, ticks });
    }
  } finally {
    session.end();
    rmSync(folder, { recursive: true });
  }
  return recorded;
}
