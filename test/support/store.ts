import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { makeCertificate } from "./certificates.ts";

/** An object of a store; its bytes are made as they are asked for, so it may be larger than memory. */
interface StoredObject {
  size: number;
  bytes: (from: number, to: number) => Buffer;
}

interface StoreRequest {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** What it does instead of what it should, on its own; false: what it should. */
export type StoreWhim = (
  asked: StoreRequest,
  count: number,
  response: ServerResponse,
) => boolean | undefined;

export interface Store {
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  /** PEM of its authority, where it speaks TLS. */
  ca: string;
  /** What it holds, by path; tests put and change. */
  objects: Map<string, StoredObject>;
  asked: StoreRequest[];
  /** Bytes of bodies that it sent. */
  sent: () => number;
  connections: () => number;
}

export interface StoreOptions {
  whim?: StoreWhim;
  tls?: boolean;
  /** Of every object; a function of how often it was asked. Undefined: none. */
  etag?: () => string | undefined;
  /** Gives the whole, whatever is asked. */
  whole?: boolean;
  /** Milliseconds before each answer. */
  latency?: number;
}

export function stored(bytes: Buffer): StoredObject {
  return { size: bytes.length, bytes: (from, to) => bytes.subarray(from, to) };
}

/** An object store in memory: ranges, conditions, PUT that replaces nothing. It ends with the test. */
export async function fakeStore(options: StoreOptions = {}): Promise<Store> {
  const objects = new Map<string, StoredObject>();
  const asked: StoreRequest[] = [];
  let sent = 0;
  let connections = 0;
  const etag = options.etag ?? (() => '"v1"');
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = "", url: path = "", headers } = request;
    const each = { method, path, headers, body: Buffer.concat(parts) };
    asked.push(each);
    if (options.latency !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, options.latency));
    }
    const write = response.write.bind(response);
    response.write = ((chunk: Buffer, ...rest: never[]) => {
      sent += chunk.length;
      return write(chunk, ...rest);
    }) as typeof response.write;
    if (options.whim?.(each, asked.length, response) === true) return;
    answer(each, response, objects, etag(), options.whole === true);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void handle(request, response).catch(() => response.destroy());
  };
  const authority = makeCertificate({ name: "store authority", authority: true });
  const identity = makeCertificate({
    name: "store",
    hosts: ["127.0.0.1", "store.example"],
    issuer: authority,
  });
  const server =
    options.tls === true ? createHttpsServer(identity, listener) : createServer(listener);
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const scheme = options.tls === true ? "https" : "http";
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: authority.cert,
    objects,
    asked,
    sent: () => sent,
    connections: () => connections,
  };
}

function answer(
  { method, path, headers, body }: StoreRequest,
  response: ServerResponse,
  objects: Map<string, StoredObject>,
  tag: string | undefined,
  whole: boolean,
): void {
  const name = path.split("?")[0] as string;
  const object = objects.get(name);
  if (method === "PUT") {
    if (object !== undefined && headers["if-none-match"] === "*") {
      response.writeHead(412).end();
      return;
    }
    objects.set(name, stored(body));
    response.writeHead(200, { etag: '"new"' }).end();
    return;
  }
  if (object === undefined) {
    const xml = "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>";
    response.writeHead(404, { "content-type": "application/xml" }).end(xml);
    return;
  }
  if (headers["if-match"] !== undefined && headers["if-match"] !== tag) {
    response.writeHead(412).end();
    return;
  }
  const common = { ...(tag === undefined ? {} : { etag: tag }), "accept-ranges": "bytes" };
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "");
  if (range === null || whole) {
    response.writeHead(200, { ...common, "content-length": object.size });
    pour(response, object, 0, object.size);
    return;
  }
  const from = Number(range[1]);
  const to = Math.min(Number(range[2]) + 1, object.size);
  if (from >= object.size) {
    response.writeHead(416, { "content-range": `bytes */${object.size}` }).end();
    return;
  }
  response.writeHead(206, {
    ...common,
    "content-length": to - from,
    "content-range": `bytes ${from}-${to - 1}/${object.size}`,
  });
  pour(response, object, from, to);
}

/** Sends in pieces, and no faster than they are taken. */
function pour(response: ServerResponse, object: StoredObject, from: number, to: number): void {
  if (from >= to) {
    response.end();
    return;
  }
  const end = Math.min(from + 64 * 1024, to);
  const next = (): void => {
    if (!response.destroyed) pour(response, object, end, to);
  };
  if (response.write(object.bytes(from, end))) setImmediate(next);
  else response.once("drain", next);
}

/** A file, which may be sparse and larger than memory. */
export function storedFile(path: string): StoredObject {
  const fd = openSync(path, "r");
  onTestFinished(() => closeSync(fd));
  return {
    size: fstatSync(fd).size,
    bytes: (from, to) => {
      const bytes = Buffer.alloc(to - from);
      readSync(fd, bytes, 0, bytes.length, from);
      return bytes;
    },
  };
}
