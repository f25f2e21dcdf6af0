import type { ClientRequest, IncomingMessage } from "node:http";
import type { ClientHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { classify, ExchangeFailure, type Phase } from "../../base/exchange-failure.ts";
import { masked } from "../../base/mask.ts";
import { type Answer, collectBody } from "./body.ts";
import { connectPatience, connectTls, given } from "./connect.ts";
import type { Endpoint } from "./endpoint.ts";

interface Ask {
  method: "GET" | "POST" | "DELETE";
  /** Path and query, encoded. */
  path: string;
  /** What an answer may hold at most. */
  maxBytes: number;
  /** Sent as JSON. */
  body?: string;
}

export interface Means {
  clock: Clock;
  /** Ends it, whatever it is doing. There is no other limit once the connection stands. */
  signal: AbortSignal;
}

/**
 * Sends one request on a connection of its own and waits for the whole answer, for ever if need
 * be. Follows no redirect, so that a token goes nowhere else.
 * @throws {ExchangeFailure} where there is no whole answer.
 */
export async function exchange(endpoint: Endpoint, ask: Ask, means: Means): Promise<Answer> {
  const received = await route(endpoint, ask, means);
  return { ...received, body: withoutSecrets(received.body, endpoint.secrets) };
}

async function route(endpoint: Endpoint, ask: Ask, means: Means): Promise<Answer> {
  if (endpoint.agent !== undefined || endpoint.base.protocol === "http:") {
    return overHttp1(endpoint, ask, means, undefined);
  }
  const socket = await connectTls(endpoint, means.clock, means.signal);
  try {
    if (socket.alpnProtocol === "h2") return await overHttp2(endpoint, ask, means, socket);
    return await overHttp1(endpoint, ask, means, socket);
  } finally {
    socket.destroy();
  }
}

/** A text without what proves who we are, which servers may repeat. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== "")
    .reduce((clean, secret) => clean.replaceAll(secret, masked), text);
}

function headersOf({ headers }: Endpoint, { method, body }: Ask): Record<string, string> {
  return {
    accept: "application/json, text/plain, */*",
    "user-agent": "cryoscope",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(method === "POST" ? { "content-length": `${Buffer.byteLength(body ?? "")}` } : {}),
    ...headers,
  };
}

/** Node's way to send a request over HTTP/1.1. */
export async function requester(plain: boolean): Promise<typeof import("node:https").request> {
  if (plain) {
    const { request } = await import("node:http");
    return request;
  }
  const { request } = await import("node:https");
  return request;
}

async function overHttp1(
  endpoint: Endpoint,
  ask: Ask,
  { clock, signal }: Means,
  socket: TLSSocket | undefined,
): Promise<Answer> {
  const { base, agent } = endpoint;
  const request = await requester(base.protocol === "http:");
  return new Promise((resolve, reject) => {
    let phase: Phase = socket === undefined ? "connecting" : "waiting";
    const call: ClientRequest = request({
      host: base.hostname.replace(/^\[|\]$/g, ""),
      port: base.port || (base.protocol === "http:" ? 80 : 443),
      method: ask.method,
      path: `${base.pathname.replace(/\/$/, "")}${ask.path}`,
      headers: { host: base.host, ...headersOf(endpoint, ask) },
      ...given({ agent, createConnection: socket === undefined ? undefined : () => socket }),
    });
    const stop = (): void => {
      cancel();
      signal.removeEventListener("abort", abort);
    };
    const fail = (failure: ExchangeFailure): void => {
      stop();
      call.destroy();
      reject(failure);
    };
    const abort = (): void => fail(new ExchangeFailure("aborted", phase, "given up"));
    const late = `no connection within 10 s to ${base.host}`;
    const cancel =
      socket === undefined
        ? clock.timer(connectPatience, () =>
            fail(new ExchangeFailure("connect-timeout", phase, late)),
          )
        : (): void => {};
    call.on("error", (error) => fail(sortOut(error, phase, agent !== undefined)));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    // The kernel has taken the whole request, so there is a connection.
    call.on("finish", () => {
      cancel();
      phase = "waiting";
    });
    call.on("response", (response: IncomingMessage) => {
      stop();
      phase = "answering";
      const status = response.statusCode ?? 0;
      const head = { status, headers: flat(response.headers), protocol: "HTTP/1.1" as const };
      collectBody(response, head, ask.maxBytes, signal, () => response.complete).then(
        resolve,
        reject,
      );
    });
    call.end(ask.body);
  });
}

/** Agents of proxies tell what the proxy said in errors that have no code. */
function sortOut(error: unknown, phase: Phase, viaProxy: boolean): ExchangeFailure {
  const failure = classify(error, phase);
  if (!viaProxy || phase !== "connecting" || failure.kind !== "cut") return failure;
  return new ExchangeFailure("proxy", phase, failure.message);
}

async function overHttp2(
  endpoint: Endpoint,
  ask: Ask,
  { signal }: Means,
  socket: TLSSocket,
): Promise<Answer> {
  const { connect } = await import("node:http2");
  const { base } = endpoint;
  const session: ClientHttp2Session = connect(base.origin, { createConnection: () => socket });
  try {
    return await new Promise((resolve, reject) => {
      let phase: Phase = "waiting";
      session.on("error", (error) => reject(classify(error, phase)));
      const stream = session.request({
        ":method": ask.method,
        ":path": `${base.pathname.replace(/\/$/, "")}${ask.path}`,
        ":authority": base.host,
        ...headersOf(endpoint, ask),
      });
      const fail = (failure: ExchangeFailure): void => {
        signal.removeEventListener("abort", abort);
        reject(failure);
      };
      const abort = (): void => fail(new ExchangeFailure("aborted", phase, "given up"));
      stream.on("error", (error) => fail(classify(error, phase)));
      const closed = "the stream was closed without an answer";
      const close = (): void => fail(new ExchangeFailure("cut", phase, closed));
      stream.on("close", close);
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      stream.on("response", (headers) => {
        signal.removeEventListener("abort", abort);
        stream.off("close", close);
        phase = "answering";
        const status = Number(headers[":status"] ?? 0);
        const head = { status, headers: flat(headers), protocol: "HTTP/2" as const };
        const whole = (): boolean => stream.rstCode === 0 && !stream.aborted;
        collectBody(stream, head, ask.maxBytes, signal, whole).then(resolve, reject);
      });
      stream.end(ask.body);
    });
  } finally {
    session.destroy();
  }
}

/** Headers with one value each. */
export function flat(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers)
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]): [string, string] => [
      name,
      `${Array.isArray(value) ? value[0] : (value ?? "")}`,
    ]);
  return Object.fromEntries(entries);
}
