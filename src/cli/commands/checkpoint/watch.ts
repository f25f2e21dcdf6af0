import { formatDuration } from "../../../base/duration.ts";
import type { Fault } from "../../../base/errors.ts";
import { clip, sanitize } from "../../../base/text.ts";
import { formatBytes } from "../../../base/units.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { Place } from "../../../kubelet/route.ts";
import type { Io } from "../../io.ts";

/** What is done for a container now. */
interface Work {
  since: number;
  doing: string;
  /** How far it is: `1.2 GiB 48 %`. */
  figures: string;
}

/**
 * Tells on stderr what is under way: on a terminal one line that counts the seconds, elsewhere a
 * line for each beginning and end.
 */
export class Watch {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #total: number;
  readonly #running = new Map<Place, Work>();
  #done = 0;
  #cancel: (() => void) | undefined;

  constructor(io: Io, quiet: boolean, total: number) {
    this.#io = io;
    this.#quiet = quiet;
    this.#total = total;
  }

  begin(place: Place): void {
    this.#set(place, "checkpointing");
    if (!this.#io.err.isTTY) this.say(`${describe(place)}: asked the kubelet`);
  }

  /** The next step of what is under way. */
  began(place: Place, doing: string): void {
    this.#set(place, doing);
    if (!this.#io.err.isTTY) this.say(`${describe(place)}: ${doing}`);
  }

  progress(place: Place, read: number, total: number | undefined): void {
    const work = this.#running.get(place);
    if (work === undefined) return;
    const share = total === undefined ? "" : ` ${Math.floor((read / Math.max(1, total)) * 100)} %`;
    // The next second shows it.
    work.figures = ` ${formatBytes(read)}${share}`;
  }

  /** The step after a checkpoint ended. */
  told(place: Place, what: string): void {
    this.#running.delete(place);
    if (!this.#io.err.isTTY) this.say(`${describe(place)}: ${what}`);
    else if (this.#running.size === 0) this.wipe();
  }

  end(place: Place, what: string): void {
    const since = this.#running.get(place)?.since ?? this.#io.now();
    this.#running.delete(place);
    this.#done += 1;
    const took = formatDuration(this.#io.now() - since);
    if (!this.#io.err.isTTY) this.say(`${describe(place)}: ${what} after ${took}`);
    else if (this.#running.size === 0) this.wipe();
  }

  turned(place: Place, from: Fault, to: string): void {
    this.wipe();
    this.say(`${describe(place)}: ${from.detail.what}; asking the kubelet itself at ${to}`);
  }

  /** A line of its own. */
  say(text: string): void {
    if (!this.#quiet) void this.#io.err.write(`cryoscope: ${sanitize(text)}\n`);
  }

  /** Takes the line away, before something else is printed. */
  wipe(): void {
    this.#cancel?.();
    if (this.#cancel !== undefined) void this.#io.err.write("\r\u001b[2K");
    this.#cancel = undefined;
  }

  #set(place: Place, doing: string): void {
    this.#running.set(place, { since: this.#io.now(), doing, figures: "" });
    if (this.#io.err.isTTY) this.#draw();
  }

  #draw(): void {
    if (this.#quiet || this.#running.size === 0) return;
    const [[place, work]] = [...this.#running] as [[Place, Work]];
    const others = this.#running.size > 1 ? ` and ${this.#running.size - 1} more` : "";
    const count = this.#total > 1 ? ` (${this.#done} of ${this.#total} done)` : "";
    const time = ` ${formatDuration(Math.max(1000, this.#io.now() - work.since))}`;
    const tail = `${work.figures}${others}${time}${count}`;
    const room = (this.#io.err.columns ?? 80) - tail.length - 1;
    const label = clip(sanitize(`${work.doing} ${describe(place)}`), Math.max(1, room));
    void this.#io.err.write(`\r\u001b[2K${label}${tail}`);
    this.#cancel?.();
    this.#cancel = this.#io.timer(1000, () => this.#draw());
  }
}

function describe({ target, node }: Place): string {
  return node === undefined ? nameOf(target) : `${nameOf(target)} on ${node}`;
}
