import type { ClientRequest, IncomingMessage } from "node:http";
import { classify, ExchangeFailure } from "../../base/exchange-failure.ts";
import type { HttpMeans } from "./send.ts";

/** A server that sends less than this while we wait as long as our patience is does not send. */
const leastBytes = 16 * 1024;

/**
 * The bytes of an answer, as they are asked for. Only the time that we wait counts, so whoever reads
 * may be slow; drips do not make up for silence. Ends the connection where it is left before its end.
 * @throws {ExchangeFailure} where it ends too early, stalls or is given up.
 */
export async function* readBody(
  request: ClientRequest,
  response: IncomingMessage,
  means: Pick<HttpMeans, "clock" | "signal" | "patience">,
): AsyncGenerator<Uint8Array> {
  const wait = new Waiting(means);
  const parts = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let whole = false;
  try {
    for (;;) {
      const next = await wait.until(parts.next());
      if (next.done === true) break;
      wait.got(next.value.length);
      yield next.value;
    }
    if (!response.complete) {
      throw new ExchangeFailure("cut", "answering", "the connection ended within the answer");
    }
    whole = true;
  } catch (error) {
    throw classify(error, "answering", response.statusCode);
  } finally {
    if (!whole) request.destroy();
  }
}

class Waiting {
  readonly #means: Pick<HttpMeans, "clock" | "signal" | "patience">;
  /** Milliseconds, and bytes since they began. */
  #left: number;
  #bytes = 0;

  constructor(means: Pick<HttpMeans, "clock" | "signal" | "patience">) {
    this.#means = means;
    this.#left = means.patience;
  }

  until<T>(coming: Promise<T>): Promise<T> {
    const { clock, signal, patience } = this.#means;
    return new Promise((resolve, reject) => {
      const began = clock.now();
      const fail = (kind: "aborted" | "silent", found: string): void => {
        stop();
        // Nobody waits for it any more.
        coming.catch(() => {});
        reject(new ExchangeFailure(kind, "answering", found));
      };
      const abort = (): void => fail("aborted", "given up");
      const found = `fewer than ${leastBytes / 1024} KiB in ${Math.round(patience / 1000)} s`;
      const cancel = clock.timer(Math.max(1, this.#left), () => fail("silent", found));
      const stop = (): void => {
        cancel();
        signal.removeEventListener("abort", abort);
        this.#left -= clock.now() - began;
      };
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      coming.then(
        (value) => {
          stop();
          resolve(value);
        },
        (error) => {
          stop();
          reject(error);
        },
      );
    });
  }

  got(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < leastBytes) return;
    this.#bytes = 0;
    this.#left = this.#means.patience;
  }
}
