// `npm run captures`: pictures of the terminal UI for the README, made from the samples. tmux runs
// the built command and tells what stands on its screen; each screen becomes an SVG in docs/tui.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readScreen } from "./screen.js";
import { size, TerminalSession } from "./terminal-session.js";
import { terminalSvg } from "./terminal-svg.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is typed, what the screen must show then, and the picture's name where it is kept. */
const walk = [
  { shows: "archives", picture: "checkpoints" },
  { keys: ["/", "rich", "Enter", "Enter"], shows: "What fills it", picture: "summary" },
  { keys: [":", "processes", "Enter"], shows: "COMMAND", picture: "processes" },
  { keys: ["Enter"], shows: "pid 1", picture: "process" },
  // Where the archive lies is nothing to show: it is a folder of the pictures' own.
  {
    keys: ["Escape", ":", "audit", "Enter", "/", "attack|secrets|restore", "Enter"],
    shows: "in all",
  },
  { keys: ["m"], shows: "with memory", picture: "audit" },
  { keys: ["G", "g", "Enter"], shows: "Why it matters", picture: "finding" },
  { keys: ["Escape", ":", "restore", "Enter"], shows: "REMEDY", picture: "restore" },
  { keys: [":", "secrets", "Enter"], shows: "AWS secret access key", picture: "secrets" },
  { keys: [":", "memory", "Enter"], shows: "mappings", picture: "memory" },
  { keys: ["Enter"], shows: "at " },
  { keys: ["/", "POSTGRES", "Enter"], shows: /1 of \d/, picture: "hex" },
  { keys: ["?"], shows: "Keys", picture: "keys" },
];

// As the kubelet would have named the folder, so that the pictures show what people will see.
const folder = mkdtempSync("/var/tmp/cryoscope-captures-");
const checkpoints = join(folder, "checkpoints");
try {
  mkdirSync(checkpoints, { mode: 0o700 });
  for (const engine of ["containerd", "crio", "podman"]) {
    for (const name of readdirSync(join(root, "samples", engine))) {
      if (!/\.tar(\.\w+)?$/.test(name)) continue;
      copyFileSync(join(root, "samples", engine, name), join(checkpoints, name));
      chmodSync(join(checkpoints, name), 0o600);
    }
  }
  await record();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function record() {
  const session = new TerminalSession(folder, [checkpoints]);
  const pictures = join(root, "docs", "tui");
  mkdirSync(pictures, { recursive: true });
  try {
    for (const { keys = [], shows, picture } of walk) {
      await session.type(keys);
      await session.until(shows);
      if (picture === undefined) continue;
      // A folder of this machine's would say nothing to a reader.
      const shown = session.screen().replaceAll(checkpoints, "/var/lib/kubelet/checkpoints");
      writeFileSync(
        join(pictures, `${picture}.svg`),
        terminalSvg(readScreen(shown, size), size, `cryoscope: ${picture}`),
      );
      console.log(`docs/tui/${picture}.svg`);
    }
  } finally {
    session.end();
  }
}
