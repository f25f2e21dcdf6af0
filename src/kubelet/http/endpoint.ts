import type { Agent } from "node:http";

/** How a server proves itself to us, and we to it. Texts are PEM. */
export interface TlsSettings {
  /** Authorities to believe; Node's own where there is none. */
  ca?: string | Buffer | undefined;
  cert?: string | Buffer | undefined;
  key?: string | Buffer | undefined;
  passphrase?: string | undefined;
  /** Name to ask for and to expect in the certificate, instead of the URL's. */
  serverName?: string | undefined;
  /** Believe any certificate. */
  insecure?: boolean | undefined;
}

/** A server, and how to speak to it. */
export interface Endpoint {
  /** `https://host:port`, perhaps with a path that comes before all others. No user, no query. */
  base: URL;
  tls: TlsSettings;
  /** Sent with every request; they hold the token. */
  headers: Readonly<Record<string, string>>;
  /** A way through a proxy; such connections speak HTTP/1.1. */
  agent?: Agent | undefined;
  /** What must not be seen in any message: the token, the password. */
  secrets: readonly string[];
}

/** Where a path is on an endpoint, for requests and for people. */
export function urlOf({ base }: Endpoint, path: string): string {
  return `${base.origin}${base.pathname.replace(/\/$/, "")}${path}`;
}
