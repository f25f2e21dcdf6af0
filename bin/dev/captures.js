// `npm run captures`: pictures of the terminal UI for the README, made from the samples. tmux runs
// the built command and tells what stands on its screen; each screen becomes an SVG in docs/tui.
import { execFileSync, spawnSync } from "node:child_process";
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
import { terminalSvg } from "./terminal-svg.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const server = `cryoscope-captures-${process.pid}`;
const size = { columns: 110, rows: 30 };

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
  { keys: [":", "memory", "Enter"], shows: "mappings" },
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
  spawnSync("tmux", ["-L", server, "kill-server"]);
  rmSync(folder, { recursive: true, force: true });
}

async function record() {
  const words = [process.execPath, join(root, "bin/cryoscope.cjs"), "open"];
  const owner = process.getuid?.() === 0 ? [] : ["--permissions", "owner"];
  tmux(
    ...["new-session", "-d", "-s", server, "-x", `${size.columns}`, "-y", `${size.rows}`],
    ...["-c", folder, "env", "-u", "NO_COLOR", "COLORTERM=truecolor", "TERM=tmux-256color"],
    ...[...words, ...owner, checkpoints],
  );
  const pictures = join(root, "docs", "tui");
  mkdirSync(pictures, { recursive: true });
  for (const { keys = [], shows, picture } of walk) {
    for (const key of keys) {
      tmux("send-keys", "-t", server, key);
      await pause(120);
    }
    await until(shows);
    await pause(400);
    if (picture === undefined) continue;
    const screen = tmux("capture-pane", "-e", "-N", "-p", "-t", server);
    // A folder of this machine's would say nothing to a reader.
    const shown = screen.replaceAll(checkpoints, "/var/lib/kubelet/checkpoints");
    writeFileSync(
      join(pictures, `${picture}.svg`),
      terminalSvg(shown, size, `cryoscope: ${picture}`),
    );
    console.log(`docs/tui/${picture}.svg`);
  }
}

function tmux(...words) {
  return execFileSync("tmux", ["-L", server, "-f", "/dev/null", ...words], { encoding: "utf8" });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(expected) {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = tmux("capture-pane", "-p", "-t", server);
    if (typeof expected === "string" ? text.includes(expected) : expected.test(text)) return;
    await pause(50);
  }
  throw new Error(`never shown: ${expected}\n${tmux("capture-pane", "-p", "-t", server)}`);
}
