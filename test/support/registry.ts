import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { makeCertificate } from "./certificates.ts";

/** A request that came to the registry. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/**
 * What it does instead of what it should: an answer of its own; `cut`, which takes half of the body
 * and hangs up; `hang`, which says nothing. Undefined: what it should.
 */
type Whim = (
  asked: Omit<Asked, "body">,
  count: number,
) =>
  | { status: number; headers?: Record<string, string>; body?: string }
  | "cut"
  | "hang"
  | undefined;

export interface FakeRegistry {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** PEM of its authority, where it speaks TLS. */
  ca: string;
  asked: Asked[];
  blobs: Map<string, Buffer>;
  manifests: Map<string, Buffer>;
  /** Uploads that are begun and neither finished nor given up. */
  open: () => number;
  /** `METHOD path` of each request, uploads without their ids. */
  calls: () => string[];
}

export interface RegistryOptions {
  whim?: Whim;
  tls?: boolean;
  /** `Basic …` or `Bearer …` without which everything is 401, and the challenge for it. */
  authorization?: { expected: () => string; challenge: (host: string) => string };
}

/**
 * A registry in memory, as the OCI distribution specification has it: blobs in pieces, manifests by
 * name, digests checked. It ends with the test.
 */
export async function fakeRegistry(options: RegistryOptions = {}): Promise<FakeRegistry> {
  const uploads = new Map<string, Buffer>();
  const registry: Omit<FakeRegistry, "host" | "ca" | "open" | "calls"> = {
    asked: [],
    blobs: new Map(),
    manifests: new Map(),
  };
  let count = 0;
  let host = "";
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers, socket } = request;
    count += 1;
    const whim = options.whim?.({ method, path, headers }, count);
    const body = await bodyOf(request, whim === "cut" ? 0.5 : 1);
    registry.asked.push({ method, path, headers, body });
    if (whim === "hang") return;
    if (whim === "cut") {
      keepPart(uploads, path, body);
      socket.destroy();
      return;
    }
    if (whim !== undefined) {
      response.writeHead(whim.status, whim.headers).end(whim.body ?? "");
      return;
    }
    const { authorization } = options;
    if (authorization !== undefined && headers.authorization !== authorization.expected()) {
      const challenge = authorization.challenge(host);
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const reply = replyTo({ method, path, headers, body }, registry, uploads);
    response.writeHead(reply.status, reply.headers);
    response.end(reply.bytes ?? reply.text ?? "");
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void handle(request, response).catch(() => response.destroy());
  };
  const authority = makeCertificate({ name: "registry authority", authority: true });
  const identity = makeCertificate({ name: "registry", hosts: ["127.0.0.1"], issuer: authority });
  const server =
    options.tls === true ? createHttpsServer(identity, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...registry,
    host,
    ca: authority.cert,
    open: () => uploads.size,
    calls: () =>
      registry.asked.map(({ method, path }) =>
        `${method} ${path}`
          .replace(/uploads\/[^?]+/, "uploads/ID")
          .replace(/sha256(:|%3A)\w+/, "DIGEST"),
      ),
  };
}

async function bodyOf(request: IncomingMessage, share: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  const most = Number(request.headers["content-length"] ?? 0) * share;
  for await (const part of request) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (share < 1 && size >= most) break;
  }
  return Buffer.concat(parts).subarray(0, share < 1 ? Math.floor(most) : size);
}

function keepPart(uploads: Map<string, Buffer>, path: string, body: Buffer): void {
  const id = idOf(path);
  const known = id === undefined ? undefined : uploads.get(id);
  if (id !== undefined && known !== undefined) uploads.set(id, Buffer.concat([known, body]));
}

function idOf(path: string): string | undefined {
  return /\/blobs\/uploads\/(\d+)/.exec(path)?.[1];
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

interface Reply {
  status: number;
  headers?: Record<string, string>;
  text?: string;
  bytes?: Buffer;
}

type Content = Pick<FakeRegistry, "blobs" | "manifests">;

function replyTo(asked: Asked, content: Content, uploads: Map<string, Buffer>): Reply {
  const { method, path, body } = asked;
  const { pathname } = new URL(path, "http://registry");
  if (path === "/v2/") return { status: 200 };
  const id = idOf(path);
  if (id !== undefined) return replyToUpload(id, asked, content, uploads);
  if (method === "POST" && pathname.endsWith("/blobs/uploads/")) {
    const key = `${uploads.size + content.blobs.size + 1}`;
    uploads.set(key, Buffer.alloc(0));
    return { status: 202, headers: at(key, Buffer.alloc(0)) };
  }
  const [, kind, name = ""] = /\/(blobs|manifests)\/([^/?]+)$/.exec(pathname) ?? [];
  if (kind === "manifests" && method === "PUT") {
    content.manifests.set(name, body);
    return { status: 201, headers: { "docker-content-digest": digestOf(body) } };
  }
  const found = kind === "blobs" ? content.blobs.get(name) : content.manifests.get(name);
  if (found === undefined) return { status: 404 };
  const named = { "docker-content-digest": digestOf(found), etag: `"${digestOf(found)}"` };
  const whole = { ...named, "content-length": `${found.length}` };
  if (method === "HEAD") return { status: 200, headers: whole };
  const range = /^bytes=(\d+)-(\d+)$/.exec(asked.headers.range ?? "");
  if (range === null || kind === "manifests") return { status: 200, headers: whole, bytes: found };
  const bytes = found.subarray(Number(range[1]), Number(range[2]) + 1);
  const end = Number(range[1]) + bytes.length - 1;
  const part = { ...named, "content-range": `bytes ${range[1]}-${end}/${found.length}` };
  return { status: 206, headers: { ...part, "content-length": `${bytes.length}` }, bytes };
}

function at(key: string, bytes: Buffer): Record<string, string> {
  return {
    location: `/v2/team/app/blobs/uploads/${key}?_state=secret-state`,
    range: `0-${Math.max(0, bytes.length - 1)}`,
  };
}

function replyToUpload(
  id: string,
  { method, path, headers, body }: Asked,
  { blobs }: Content,
  uploads: Map<string, Buffer>,
): Reply {
  const known = uploads.get(id);
  if (known === undefined) {
    return { status: 404, text: '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"unknown"}]}' };
  }
  if (method === "GET") return { status: 204, headers: at(id, known) };
  if (method === "PATCH") {
    if (!`${headers["content-range"]}`.startsWith(`${known.length}-`)) {
      return { status: 416, headers: at(id, known) };
    }
    const more = Buffer.concat([known, body]);
    uploads.set(id, more);
    return { status: 202, headers: at(id, more) };
  }
  uploads.delete(id);
  if (method === "DELETE") return { status: 204 };
  const digest = new URL(path, "http://registry").searchParams.get("digest") ?? "";
  if (digestOf(known) !== digest) {
    return { status: 400, text: '{"errors":[{"code":"DIGEST_INVALID","message":"other bytes"}]}' };
  }
  blobs.set(digest, known);
  return { status: 201, headers: { "docker-content-digest": digest } };
}
