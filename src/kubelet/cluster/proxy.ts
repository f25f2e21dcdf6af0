/**
 * The proxy that the environment names for a server, as Go's programs read it: `HTTPS_PROXY` or
 * `https_proxy` for https servers, unless `NO_PROXY` or the loopback says otherwise.
 */
export function proxyFor(
  server: URL,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = (name: string): string => env[name] || env[name.toLowerCase()] || "";
  const proxy = named(server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (proxy === "") return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return undefined;
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const spared = named("NO_PROXY")
    .split(",")
    .some((entry) => matches(entry.trim(), host, port));
  if (spared) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** An entry is `*`, an address, a range of IPv4 addresses, a domain with all below it. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, name = "", wanted] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === "" || (wanted !== undefined && wanted !== port)) return false;
  const range = /^([\d.]+)\/(\d+)$/.exec(name);
  if (range !== null) return inRange(host, range[1] as string, Number(range[2]));
  const domain = name.replace(/^\*?\./, "");
  return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith("."));
}

function inRange(host: string, network: string, bits: number): boolean {
  const [address, start] = [ipv4(host), ipv4(network)];
  if (address === undefined || start === undefined || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(start / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part < 256))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
