import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Clock } from "../../../base/clock.ts";
import { classify, ExchangeFailure, type Phase } from "../../../base/exchange-failure.ts";

/** What is sent along: its length in bytes, and the bytes, as often as they are asked for. */
export interface Body {
  length: number;
  bytes: () => AsyncIterable<Uint8Array>;
  type: string;
}

export interface Ask {
  method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: Body;
  /** Called with bytes that the connection took. */
  sent?: (bytes: number) => void;
}

export interface Answer {
  status: number;
  /** Names in lower case; of several values the first. */
  headers: Readonly<Record<string, string>>;
  /** Up to 64 KiB of it; nothing that we ask for is longer. */
  text: string;
  url: URL;
}

export interface HttpMeans {
  clock: Clock;
  signal: AbortSignal;
  /** Milliseconds without a sign of life after which we give up. */
  patience: number;
  /** PEM; Node's own authorities where there is none. */
  ca?: string | undefined;
}

const mostText = 64 * 1024;

/**
 * Sends one request on a connection of its own. An answer that comes before all is sent ends the
 * sending. Redirects are the caller's business.
 * @throws {ExchangeFailure} where no whole answer comes; of kind `silent` where nothing moved for
 * too long.
 */
export async function send(ask: Ask, means: HttpMeans): Promise<Answer> {
  const { request } =
    ask.url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions & { ca?: string } = {
    method: ask.method,
    agent: false,
    headers: {
      accept: "*/*",
      "user-agent": "cryoscope",
      ...ask.headers,
      ...(ask.body === undefined
        ? ask.method === "POST" || ask.method === "PUT"
          ? { "content-length": "0" }
          : {}
        : { "content-length": `${ask.body.length}`, "content-type": ask.body.type }),
    },
    ...(means.ca === undefined ? {} : { ca: means.ca }),
  };
  return new Sending(ask, means).run(() => request(ask.url, options));
}

class Sending {
  readonly #ask: Ask;
  readonly #means: HttpMeans;
  #phase: Phase = "connecting";
  #over = false;
  #cancel = (): void => {};
  #fail: (error: unknown) => void = () => {};
  #wake = (): void => {};

  constructor(ask: Ask, means: HttpMeans) {
    this.#ask = ask;
    this.#means = means;
  }

  run(open: () => ClientRequest): Promise<Answer> {
    const { signal } = this.#means;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new ExchangeFailure("aborted", "connecting", "given up"));
        return;
      }
      const request = open();
      const abort = (): void => this.#fail(new ExchangeFailure("aborted", this.#phase, "given up"));
      const end = (): void => {
        this.#over = true;
        this.#cancel();
        this.#wake();
        signal.removeEventListener("abort", abort);
        request.destroy();
      };
      this.#fail = (error) => {
        if (this.#over) return;
        end();
        reject(classify(error, this.#phase));
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#alive();
      request.on("error", (error) => this.#fail(error));
      request.on("drain", () => this.#wake());
      request.on("close", () => {
        // Of an answer that has begun, its own stream tells how it ends.
        const said = "the connection ended without an answer";
        if (this.#phase !== "answering") this.#fail(new ExchangeFailure("cut", this.#phase, said));
      });
      request.on("socket", (socket) => {
        const tls = this.#ask.url.protocol === "https:";
        socket.once(tls ? "secureConnect" : "connect", () => {
          this.#phase = "waiting";
          this.#alive();
        });
      });
      request.on("response", (response) => {
        this.#phase = "answering";
        this.#read(response).then(
          (text) => {
            if (this.#over) return;
            end();
            resolve({
              status: response.statusCode ?? 0,
              headers: flat(response.headers),
              text,
              url: this.#ask.url,
            });
          },
          (error) => this.#fail(error),
        );
      });
      this.#write(request).catch((error) => this.#fail(error));
    });
  }

  async #write(request: ClientRequest): Promise<void> {
    const { body, sent } = this.#ask;
    if (body !== undefined) {
      for await (const bytes of body.bytes()) {
        if (this.#over) return;
        if (!request.write(bytes)) await this.#woken();
        sent?.(bytes.length);
        this.#alive();
      }
    }
    if (!this.#over) request.end();
  }

  /** The connection takes more, or wants no more. */
  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #read(response: IncomingMessage): Promise<string> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("data", (part: Buffer) => {
        this.#alive();
        if (size < mostText) parts.push(part);
        size += part.length;
        if (size >= mostText) done();
      });
      const done = (): void => resolve(Buffer.concat(parts).subarray(0, mostText).toString());
      response.on("end", done);
      response.on("error", reject);
      response.on("close", () =>
        reject(new ExchangeFailure("cut", "answering", "the connection ended within the answer")),
      );
    });
  }

  /** Something moved, so patience begins anew. */
  #alive(): void {
    this.#cancel();
    if (this.#over) return;
    const { clock, patience } = this.#means;
    const said = `nothing for ${Math.round(patience / 1000)} s`;
    this.#cancel = clock.timer(patience, () =>
      this.#fail(new ExchangeFailure("silent", this.#phase, said)),
    );
  }
}

function flat(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      `${Array.isArray(value) ? value[0] : (value ?? "")}`,
    ]),
  );
}
