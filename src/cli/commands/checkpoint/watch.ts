import { formatDuration } from "../../../base/duration.ts";
import type { Fault } from "../../../base/errors.ts";
import { clip, sanitize } from "../../../base/text.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { Place } from "../../../kubelet/route.ts";
import type { Io } from "../../io.ts";

/**
 * Tells on stderr what is under way: on a terminal one line that counts the seconds, elsewhere a
 * line for each beginning and end.
 */
export class Watch {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #total: number;
  readonly #running = new Map<Place, number>();
  #done = 0;
  #cancel: (() => void) | undefined;

  constructor(io: Io, quiet: boolean, total: number) {
    this.#io = io;
    this.#quiet = quiet;
    this.#total = total;
  }

  begin(place: Place): void {
    this.#running.set(place, this.#io.now());
    if (this.#io.err.isTTY) this.#draw();
    else this.say(`${describe(place)}: asked the kubelet`);
  }

  end(place: Place, what: string): void {
    const since = this.#running.get(place) ?? this.#io.now();
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

  #draw(): void {
    if (this.#quiet || this.#running.size === 0) return;
    const [[place, since]] = [...this.#running] as [[Place, number]];
    const others = this.#running.size > 1 ? ` and ${this.#running.size - 1} more` : "";
    const count = this.#total > 1 ? ` (${this.#done} of ${this.#total} done)` : "";
    const time = ` ${formatDuration(Math.max(1000, this.#io.now() - since))}`;
    const room = (this.#io.err.columns ?? 80) - time.length - count.length - others.length - 1;
    const label = clip(`checkpointing ${describe(place)}`, Math.max(1, room));
    void this.#io.err.write(`\r\u001b[2K${label}${others}${time}${count}`);
    this.#cancel?.();
    this.#cancel = this.#io.timer(1000, () => this.#draw());
  }
}

function describe({ target, node }: Place): string {
  return node === undefined ? nameOf(target) : `${nameOf(target)} on ${node}`;
}
