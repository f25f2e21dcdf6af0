// The UI in a real terminal, which tmux gives it.
import { spawnSync } from "node:child_process";

const server = `cryoscope-exe-${process.pid}`;

function tmux(...words) {
  return spawnSync("tmux", ["-L", server, "-f", "/dev/null", ...words], { encoding: "utf8" })
    .stdout;
}

/** The screen, as soon as it shows something; what it shows after a while otherwise. */
async function screenWith(text) {
  for (let tries = 0; ; tries += 1) {
    const screen = tmux("capture-pane", "-p", "-t", server) ?? "";
    if (screen.includes(text) || tries > 200) return screen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Opens it, walks to two screens of which one audits in threads, and leaves. */
export async function tryTerminal(command, check) {
  tmux("new-session", "-d", "-s", server, "-x", "110", "-y", "30", "sh");
  tmux("set-option", "-t", server, "remain-on-exit", "on");
  tmux("send-keys", "-t", server, `${command.join(" ")}; echo left with $?`, "Enter");
  const steps = [
    { shows: "What fills it" },
    { keys: ["2"], shows: "rich-grand" },
    { keys: [":", "audit", "Enter"], shows: "attack/deleted-program" },
    { keys: ["q", "q"], shows: "left with 0" },
  ];
  for (const { keys = [], shows } of steps) {
    for (const key of keys) tmux("send-keys", "-t", server, key);
    const screen = await screenWith(shows);
    check(`the UI after ${keys.join(" ") || "its start"}`, screen.includes(shows), screen);
  }
  tmux("kill-server");
}
