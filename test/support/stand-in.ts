import type { IncomingMessage } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import { type Identity, makeCertificate, type Wish } from "./certificates.ts";
import { type Recording, recording } from "./recordings.ts";

/**
 * Stands in for a kubelet or an API server: replays recordings of real ones over TLS, and
 * misbehaves on command. It checks nothing, and knows nothing of Kubernetes.
 */
export interface StandIn {
  url: string;
  port: number;
  /** PEM of the authority that signed its certificate. */
  ca: string;
  /** What was asked of it, in order. */
  asked: Asking[];
}

export interface Asking {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  at: number;
  protocol: string;
  /** Resolves when the asker went away before it was answered. */
  left: Promise<void>;
}

export type Reply = (
  asking: Asking,
  number: number,
) => Recording | Behaviour | Promise<Recording | Behaviour>;

/** What a real server does only on bad days. */
export type Behaviour =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** No answer at all, on an open connection. */
  | "hang"
  /** The beginning of an answer, of a length that was told or not, then the connection is torn. */
  | { cut: Recording; lengthTold?: false }
  /** The connection is closed without an answer. */
  | "close";

export const authority = makeCertificate({ name: "test authority", authority: true });

export interface StandInOptions {
  http2?: boolean;
  certificate?: Partial<Wish>;
  identity?: Identity;
  /** What to do with who wants to speak something else than HTTP from now on. */
  upgrade?: (asking: Omit<Asking, "left" | "body">, socket: Duplex) => void;
}

/** Starts one; it ends with the test. */
export async function standIn(
  reply: Reply | string,
  options: StandInOptions = {},
): Promise<StandIn> {
  const identity =
    options.identity ??
    makeCertificate({
      name: "kubelet",
      hosts: ["localhost", "127.0.0.1"],
      issuer: authority,
      ...options.certificate,
    });
  const asked: Asking[] = [];
  const answer = typeof reply === "string" ? () => recording(reply) : reply;
  const handle = async (
    request: Http2ServerRequest,
    response: Http2ServerResponse,
  ): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asking: Asking = {
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      at: Date.now(),
      protocol: request.httpVersion,
      left: new Promise((resolve) => response.once("close", resolve)),
    };
    asked.push(asking);
    give(await answer(asking, asked.length), response, request);
  };
  const server: Server =
    options.http2 === true
      ? createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
          void handle(request, response).catch(() => {});
        })
      : createHttpsServer(identity, (request, response) => {
          void handle(request as never, response as never).catch(() => {});
        });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => {});
    const { method = "", url: path = "", headers, httpVersion: protocol } = request;
    options.upgrade?.({ method, path, headers, protocol, at: Date.now() }, socket);
  });
  // Node's own limits of five minutes have no place here.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, timeout: 0 });
  const port = await listen(server);
  return { url: `https://127.0.0.1:${port}`, port, ca: authority.cert, asked };
}

function give(
  what: Recording | Behaviour,
  response: Http2ServerResponse,
  request: Http2ServerRequest,
): void {
  if (what === "hang") return;
  if (what === "close") {
    tear(request);
    return;
  }
  if ("cut" in what) {
    const { status, headers, body } = what.cut.answer;
    const { "content-length": _told, ...others } = headers;
    response.writeHead(status, what.lengthTold === false ? others : sendable(headers, body));
    response.write(body.slice(0, Math.floor(body.length / 2)));
    setTimeout(() => tear(request), 50);
    return;
  }
  const { status, headers = {}, body = "" } = "answer" in what ? what.answer : what;
  response.writeHead(status, sendable(headers, body));
  response.end(body);
}

/** All connections of all stand-ins, by the port that they come from. */
const connections = new Map<number, Socket>();

/** Ends the connection below TLS, as a machine does that loses its power: HTTP/2 says nothing more. */
function tear(request: Http2ServerRequest): void {
  connections.get(request.socket.remotePort ?? 0)?.destroy();
}

function sendable(headers: Readonly<Record<string, string>>, body: string): Record<string, string> {
  return { ...headers, "content-length": `${Buffer.byteLength(body)}` };
}

/** A TLS server that does with a connection whatever the test wants. */
export async function rawTls(behave: (socket: TLSSocket) => void): Promise<StandIn> {
  const identity = makeCertificate({ name: "raw", hosts: ["127.0.0.1"], issuer: authority });
  const server = createTlsServer(identity, (socket) => {
    socket.on("error", () => {});
    behave(socket);
  });
  const port = await listen(server);
  return { url: `https://127.0.0.1:${port}`, port, ca: authority.cert, asked: [] };
}

/** A server without TLS. */
export async function rawTcp(behave: (socket: Socket) => void): Promise<StandIn> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    behave(socket);
  });
  const port = await listen(server);
  return { url: `https://127.0.0.1:${port}`, port, ca: authority.cert, asked: [] };
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    const port = socket.remotePort ?? 0;
    sockets.add(socket);
    connections.set(port, socket);
    socket.once("close", () => {
      sockets.delete(socket);
      connections.delete(port);
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
