import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { classify, ExchangeFailure } from "../../base/exchange-failure.ts";
import type { Endpoint } from "./endpoint.ts";

/** How long a connection may take to stand, handshake included. As long as an API server waits. */
export const connectPatience = 10_000;
/** A node that was switched off is noticed by the kernel's probes, not by us. */
const probeAfter = 30_000;

/**
 * Connects and shakes hands; offers HTTP/2 and HTTP/1.1, and `alpnProtocol` says what was chosen.
 * @param protocols what to offer instead.
 * @throws {ExchangeFailure} in phase `connecting`.
 */
export async function connectTls(
  { base, tls }: Endpoint,
  clock: Clock,
  signal: AbortSignal,
  protocols: readonly string[] = ["h2", "http/1.1"],
): Promise<TLSSocket> {
  const { checkServerIdentity, connect } = await import("node:tls");
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const name = tls.serverName ?? host;
  return new Promise((resolve, reject) => {
    let socket: TLSSocket | undefined;
    const end = (failure: unknown): void => {
      stop();
      socket?.destroy();
      reject(classify(failure, "connecting"));
    };
    const abort = (): void => end(new ExchangeFailure("aborted", "connecting", "given up"));
    const cancel = clock.timer(connectPatience, () =>
      end(
        new ExchangeFailure(
          "connect-timeout",
          "connecting",
          `no connection within 10 s to ${host}`,
        ),
      ),
    );
    const stop = (): void => {
      cancel();
      signal.removeEventListener("abort", abort);
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      socket = connect({
        host,
        port: Number(base.port || 443),
        ALPNProtocols: [...protocols],
        // An address must not stand in the greeting, but in the certificate.
        servername: isIP(name) === 0 ? name : "",
        checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
        rejectUnauthorized: tls.insecure !== true,
        ...given({ ca: tls.ca, cert: tls.cert, key: tls.key, passphrase: tls.passphrase }),
      });
    } catch (error) {
      return end(error);
    }
    const connected = socket;
    connected.once("error", end);
    connected.once("secureConnect", () => {
      stop();
      connected.off("error", end);
      connected.setKeepAlive(true, probeAfter);
      resolve(connected);
    });
  });
}

/** The settings that are there: Node takes `undefined` for a value of some. */
export function given<T extends object>(
  settings: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as never;
}
