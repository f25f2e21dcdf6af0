import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Clock } from "../../base/clock.ts";
import { classify, ExchangeFailure, type Phase } from "../../base/exchange-failure.ts";
import { readBody } from "./body.ts";

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

/** The beginning of an answer. Its bytes come as they are asked for, or are dropped. */
export interface Reply {
  status: number;
  /** Names in lower case; of several values the first. */
  headers: Readonly<Record<string, string>>;
  url: URL;
  /** Throws an {@link ExchangeFailure} where it ends before its time, or nothing comes any more. */
  body: AsyncIterable<Uint8Array>;
  /** Ends it, whatever there is to come. The connection is not used again. */
  drop: () => void;
}

/** A whole answer. */
export interface Answer extends Omit<Reply, "body" | "drop"> {
  /** The beginning of it, as far as it was wanted. */
  text: string;
}

export interface HttpMeans {
  clock: Clock;
  signal: AbortSignal;
  /** Milliseconds without a sign of life after which we give up. */
  patience: number;
  /** PEM; Node's own authorities where there is none. */
  ca?: string | undefined;
  /** The way to a server: connections that stay, or that go through a proxy. One of its own without. */
  agent?: ((url: URL) => Promise<Agent>) | undefined;
}

const mostText = 64 * 1024;

/**
 * Sends one request and takes what is said, as far as it is wanted. An answer that comes before all
 * is sent ends the sending. Redirects are the caller's business.
 * @param most bytes of the answer; nearly all that we ask for is shorter.
 * @throws {ExchangeFailure} where no whole answer comes; of kind `silent` where nothing moved for
 * too long.
 */
export async function send(ask: Ask, means: HttpMeans, most = mostText): Promise<Answer> {
  return collect(await open(ask, means), most);
}

/** Reads the text of an answer, up to so many bytes. */
export async function collect(reply: Reply, most = mostText): Promise<Answer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of reply.body) {
      parts.push(part);
      size += part.length;
      if (size >= most) break;
    }
  } finally {
    if (size >= most) reply.drop();
  }
  const { status, headers, url } = reply;
  return { status, headers, url, text: Buffer.concat(parts).subarray(0, most).toString() };
}

/**
 * Sends one request; resolves when an answer begins. Whoever calls reads its body to the end, or
 * drops it.
 * @throws {ExchangeFailure} where none begins.
 */
export async function open(ask: Ask, means: HttpMeans): Promise<Reply> {
  const { request } =
    ask.url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions & { ca?: string } = {
    method: ask.method,
    agent: means.agent === undefined ? false : await means.agent(ask.url),
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

  run(begin: () => ClientRequest): Promise<Reply> {
    const { signal } = this.#means;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new ExchangeFailure("aborted", "connecting", "given up"));
        return;
      }
      const request = begin();
      const abort = (): void => this.#fail(new ExchangeFailure("aborted", this.#phase, "given up"));
      const end = (): void => {
        this.#over = true;
        this.#cancel();
        this.#wake();
        signal.removeEventListener("abort", abort);
      };
      this.#fail = (error) => {
        if (this.#over) return;
        end();
        request.destroy();
        reject(classify(error, this.#phase));
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#alive();
      request.on("error", (error) => this.#fail(error));
      request.on("drain", () => this.#wake());
      request.on("close", () =>
        this.#fail(
          new ExchangeFailure("cut", this.#phase, "the connection ended without an answer"),
        ),
      );
      request.on("socket", (socket) => {
        const connected = (): void => {
          this.#phase = "waiting";
          this.#alive();
        };
        const tls = this.#ask.url.protocol === "https:";
        if (request.reusedSocket) connected();
        else socket.once(tls ? "secureConnect" : "connect", connected);
      });
      request.on("response", (response) => {
        end();
        resolve(this.#reply(request, response));
      });
      this.#write(request).catch((error) => this.#fail(error));
    });
  }

  #reply(request: ClientRequest, response: IncomingMessage): Reply {
    return {
      status: response.statusCode ?? 0,
      headers: flat(response.headers),
      url: this.#ask.url,
      body: readBody(request, response, this.#means),
      drop: () => request.destroy(),
    };
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

  /** Something moved, so patience begins anew. */
  #alive(): void {
    this.#cancel();
    if (this.#over) return;
    const { clock, patience } = this.#means;
    this.#cancel = clock.timer(patience, () =>
      this.#fail(new ExchangeFailure("silent", this.#phase, silence(patience))),
    );
  }
}

/** What is said of a server that says nothing. */
export function silence(patience: number): string {
  return `nothing for ${Math.round(patience / 1000)} s`;
}

function flat(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      `${Array.isArray(value) ? value[0] : (value ?? "")}`,
    ]),
  );
}
