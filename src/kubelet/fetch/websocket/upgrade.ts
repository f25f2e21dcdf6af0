import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { classify, ExchangeFailure } from "../../../base/exchange-failure.ts";
import { type Answer, collectBody } from "../../http/body.ts";
import { connectPatience, connectTls, given } from "../../http/connect.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { flat, type Means, requester, withoutSecrets } from "../../http/exchange.ts";

/** A connection on which both sides speak WebSocket from now on. */
export interface Upgraded {
  socket: Duplex;
  /** What had already come behind the answer. */
  head: Buffer;
  /** The subprotocol that the server chose. */
  protocol: string;
}

/** What RFC 6455 §1.3 mixes into the answer, so that no cache can give it. */
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** A refusal is a short Status. */
const refusalBytes = 1024 * 1024;

/**
 * Asks a server to speak WebSocket (RFC 6455 §4), over HTTP/1.1.
 * @returns the connection, or the server's answer where it does not want to.
 * @throws {ExchangeFailure} where there is no whole answer, or one that agrees to something else.
 */
export async function upgrade(
  endpoint: Endpoint,
  path: string,
  protocols: readonly string[],
  { clock, signal }: Means,
): Promise<Upgraded | Answer> {
  const { base, agent } = endpoint;
  const plain = base.protocol === "http:";
  const own = plain || agent !== undefined;
  const socket = own ? undefined : await connectTls(endpoint, clock, signal, ["http/1.1"]);
  const request = await requester(plain);
  const key = randomBytes(16).toString("base64");
  return new Promise((resolve, reject) => {
    const call = request({
      host: base.hostname.replace(/^\[|\]$/g, ""),
      port: base.port || (plain ? 80 : 443),
      method: "GET",
      path: `${base.pathname.replace(/\/$/, "")}${path}`,
      headers: {
        host: base.host,
        "user-agent": "cryoscope",
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": key,
        "sec-websocket-protocol": protocols.join(", "),
        ...endpoint.headers,
      },
      ...given({ agent, createConnection: socket === undefined ? undefined : () => socket }),
    });
    const stop = (): void => {
      cancel();
      signal.removeEventListener("abort", abort);
    };
    const fail = (failure: ExchangeFailure): void => {
      stop();
      call.destroy();
      socket?.destroy();
      reject(failure);
    };
    const abort = (): void => fail(new ExchangeFailure("aborted", "waiting", "given up"));
    const late = `no answer within 30 s from ${base.host}`;
    // Before it agrees, an API server looks for the pod and asks its kubelet.
    const cancel = clock.timer(connectPatience * 3, () =>
      fail(new ExchangeFailure("connect-timeout", "waiting", late)),
    );
    call.on("error", (error) => fail(classify(error, "waiting")));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    call.on("upgrade", (response: IncomingMessage, upgraded: Duplex, head: Buffer) => {
      stop();
      const wrong = disagreement(response, key, protocols);
      if (wrong === undefined) {
        const protocol = response.headers["sec-websocket-protocol"] ?? "";
        return resolve({ socket: upgraded, head, protocol });
      }
      upgraded.destroy();
      reject(new ExchangeFailure("not-http", "answering", wrong, 101));
    });
    call.on("response", (response: IncomingMessage) => {
      stop();
      const status = response.statusCode ?? 0;
      const head = { status, headers: flat(response.headers), protocol: "HTTP/1.1" as const };
      collectBody(response, head, refusalBytes, signal, () => response.complete)
        .then((answer) => ({ ...answer, body: withoutSecrets(answer.body, endpoint.secrets) }))
        .then(resolve, reject)
        .finally(() => response.socket.destroy());
    });
    call.end();
  });
}

/** What of an agreement is not what was asked for. */
function disagreement(
  { headers }: IncomingMessage,
  key: string,
  protocols: readonly string[],
): string | undefined {
  if (headers.upgrade?.toLowerCase() !== "websocket") return "101 to something else than WebSocket";
  const expected = createHash("sha1").update(`${key}${guid}`).digest("base64");
  if (headers["sec-websocket-accept"] !== expected) return "101 with an answer to another question";
  if (headers["sec-websocket-extensions"] !== undefined) return "101 with extensions";
  const protocol = headers["sec-websocket-protocol"] ?? "";
  if (protocols.includes(protocol)) return undefined;
  return `101 with ${protocol === "" ? "no protocol" : `the protocol ${protocol.slice(0, 60)}`}`;
}
