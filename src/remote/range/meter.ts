import { RefusedError } from "../../base/errors.ts";
import { formatBytes } from "../../base/units.ts";

/** Counts what an archive costs, and ends it where it costs too much. */
export class Meter {
  readonly #most: number;
  readonly #shown: string;
  #bytes = 0;

  constructor(shown: string, most = Number.POSITIVE_INFINITY) {
    this.#shown = shown;
    this.#most = most;
  }

  /** @throws {RefusedError} where so many bytes more would be too many. */
  plan(bytes: number): void {
    if (this.#bytes + bytes <= this.#most) return;
    const before = this.#bytes === 0 ? "" : ` more, after ${formatBytes(this.#bytes)}`;
    throw new RefusedError({
      code: "max-download",
      what: "this would fetch more than was allowed",
      where: { url: this.#shown },
      found: `${formatBytes(bytes)}${before}`,
      allowed: formatBytes(this.#most),
      next: "if that is meant: --max-download SIZE",
    });
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }
}
