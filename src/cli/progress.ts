import type { PassProgress } from "../archive/open-archive.ts";
import { clip } from "../base/text.ts";
import { formatBytes } from "../base/units.ts";
import type { Io } from "./io.ts";

/** Work shorter than this shows nothing. */
const patience = 700;
const interval = 120;

/** One line on stderr that tells how far a long pass is. Silent where no terminal is. */
export class Progress {
  readonly #io: Io;
  readonly #started: number;
  readonly #enabled: boolean;
  #label: string;
  #last = 0;
  #shown = false;

  constructor(io: Io, label: string, quiet: boolean) {
    this.#io = io;
    this.#label = label;
    this.#enabled = io.err.isTTY && !quiet;
    this.#started = io.now();
  }

  label(label: string): void {
    this.#label = label;
  }

  readonly pass = ({ read, total }: PassProgress): void => {
    const share = total === undefined ? "" : ` ${Math.floor((read / Math.max(1, total)) * 100)} %`;
    this.#show(`: ${formatBytes(read)}${share}`);
  };

  /** How many of many things are begun, and what the last of them is. */
  count(label: string, begun: number, total: number): void {
    this.#label = label;
    this.#show(`: ${begun} of ${total}`);
  }

  #show(figures: string): void {
    if (!this.#enabled) return;
    const now = this.#io.now();
    if (now - this.#started < patience || now - this.#last < interval) return;
    this.#last = now;
    this.#shown = true;
    // A line that wraps could not be wiped again, and the kubelet's names are long.
    const room = (this.#io.err.columns ?? 80) - figures.length - 1;
    void this.#io.err.write(`\r\u001b[2K${clip(this.#label, Math.max(1, room))}${figures}`);
  }

  async end(): Promise<void> {
    if (this.#shown) await this.#io.err.write("\r\u001b[2K");
    this.#shown = false;
  }
}
