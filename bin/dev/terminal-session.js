// The built UI in a terminal of tmux's: keys go in as a keyboard would send them, screens come out.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What UI and screens have in common: columns and rows. */
export const size = { columns: 110, rows: 30 };

/** Looks at the screen, 50 ms apart, that have to be the same: a loaded machine answers late. */
const stillness = 16;

export class TerminalSession {
  #server;

  /** @param folder where the command is run. @param words behind `cryoscope open`. */
  constructor(folder, words) {
    this.#server = `cryoscope-${process.pid}`;
    const owner = process.getuid?.() === 0 ? [] : ["--permissions", "owner"];
    this.#tmux(
      ...["new-session", "-d", "-s", "ui", "-x", `${size.columns}`, "-y", `${size.rows}`],
      ...["-c", folder, "env", "-u", "NO_COLOR", "COLORTERM=truecolor", "TERM=tmux-256color"],
      ...["TZ=UTC", "LC_ALL=C.UTF-8", process.execPath, join(root, "bin/cryoscope.cjs"), "open"],
      ...owner,
      ...words,
    );
  }

  #tmux(...words) {
    return execFileSync("tmux", ["-L", this.#server, "-f", "/dev/null", ...words], {
      encoding: "utf8",
    });
  }

  async type(keys) {
    for (const key of keys) {
      this.#tmux("send-keys", "-t", "ui", key);
      await pause(120);
    }
  }

  /** Waits until the screen shows a text and then stands still. */
  async until(expected) {
    let last = "";
    for (let tries = 0, still = 0; tries < 400; tries += 1) {
      const text = this.#tmux("capture-pane", "-p", "-t", "ui");
      const there = typeof expected === "string" ? text.includes(expected) : expected.test(text);
      still = there && text === last ? still + 1 : 0;
      if (still === stillness) return;
      last = text;
      await pause(50);
    }
    throw new Error(`never shown: ${expected}\n${last}`);
  }

  /** The screen with its colours as control sequences, a line a row. */
  screen() {
    return this.#tmux("capture-pane", "-e", "-N", "-p", "-t", "ui");
  }

  end() {
    spawnSync("tmux", ["-L", this.#server, "kill-server"]);
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
