import { UsageError } from "../../base/errors.ts";
import { isLoopback } from "./redirects.ts";

/** A proxy that makes tunnels. */
export interface ProxyServer {
  url: URL;
  /** For `Proxy-Authorization`. */
  authorization: string | undefined;
}

/**
 * The proxy for an address, as curl and Go read the environment: HTTPS_PROXY for https, none for
 * http and for this machine; NO_PROXY with names, `.suffix`, addresses, `host:port` and `*`.
 * @throws {UsageError} where it is of a kind that we do not know.
 */
export function proxyFor(
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): ProxyServer | undefined {
  const text = env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "";
  if (url.protocol !== "https:" || text === "" || isLoopback(url)) return undefined;
  if (isExempt(url, env["no_proxy"] ?? env["NO_PROXY"] ?? "")) return undefined;
  const whole = /^\w+:\/\//.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(whole) ? new URL(whole) : undefined;
  if (proxy?.protocol !== "http:" && proxy?.protocol !== "https:") {
    throw new UsageError({
      code: "proxy",
      what: "HTTPS_PROXY names no proxy that we know",
      // It may hold a password.
      found: proxy === undefined ? "no address" : `a proxy of the kind ${proxy.protocol}`,
      allowed: "http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ where it is needed",
    });
  }
  const { username, password } = proxy;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: proxy,
    authorization: username === "" ? undefined : `Basic ${Buffer.from(pair).toString("base64")}`,
  };
}

function isExempt({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = entry, wanted] = /^([^:]+):(\d+)$/.exec(entry) ?? [];
      if (wanted !== undefined && wanted !== (port || "443")) return false;
      const bare = name.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
      return host === bare || host.endsWith(`.${bare}`);
    });
}
