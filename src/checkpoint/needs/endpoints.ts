import type { Socket } from "../../criu/files/socket.ts";

/** One end of a connection. */
export interface Endpoint {
  /** `tcp`, `udp`, … */
  protocol: string;
  /** Without brackets and zone. */
  address: string;
  port: number;
}

/** Reads `127.0.0.1:80` or `[fe80::1%eth0]:80`. */
export function parseEndpoint(
  { protocol }: Pick<Socket, "protocol">,
  text: string | undefined,
): Endpoint | undefined {
  const colon = text?.lastIndexOf(":") ?? -1;
  if (text === undefined || protocol === undefined || colon === -1) return undefined;
  const host = text.slice(0, colon);
  const port = text.slice(colon + 1);
  if (!/^\d{1,5}$/.test(port) || host.startsWith("[") !== host.endsWith("]")) return undefined;
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  const zone = bare.indexOf("%");
  const address = zone === -1 ? bare : bare.slice(0, zone);
  return { protocol, address, port: Number(port) };
}

/**
 * Does an endpoint match a pattern of a policy: `tcp/8080`, `udp/*`, `tcp/127.0.0.1:*`,
 * `tcp/10.0.0.0/8:5432`, `tcp/[fd00::/8]:443`?
 */
export function matchesEndpoint(pattern: string, { protocol, address, port }: Endpoint): boolean {
  const match = /^([^/]+)\/(?:(.*):)?(\*|\d+)$/.exec(pattern);
  if (match === null) return false;
  const [, wanted, host, number] = match;
  if (wanted !== "*" && wanted !== protocol) return false;
  if (number !== "*" && Number(number) !== port) return false;
  return host === undefined || host === "*" || inNetwork(host.replace(/^\[|\]$/g, ""), address);
}

function inNetwork(network: string, address: string): boolean {
  const slash = network.lastIndexOf("/");
  const base = addressBytes(slash === -1 ? network : network.slice(0, slash));
  const own = addressBytes(address);
  if (base === undefined || own === undefined || base.length !== own.length) return false;
  const bits = slash === -1 ? base.length * 8 : Number(network.slice(slash + 1));
  if (!Number.isInteger(bits) || bits < 0 || bits > base.length * 8) return false;
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >>> (bit & 7);
    const at = bit >>> 3;
    if (((base[at] as number) & mask) !== ((own[at] as number) & mask)) return false;
  }
  return true;
}

/** Bytes of an address; an IPv4 address inside IPv6 is the IPv4 address. */
function addressBytes(text: string): number[] | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  const plain = mapped?.[1] ?? text;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) {
    const bytes = plain.split(".").map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes : undefined;
  }
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const words = [...head, ...(Array(missing).fill("0") as string[]), ...tail];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return words.flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >>> 8, value & 0xff];
  });
}

export function isLoopback({ address }: Endpoint): boolean {
  return inNetwork("127.0.0.0/8", address) || inNetwork("::1", address);
}

export function isWildcard({ address }: Endpoint): boolean {
  return inNetwork("0.0.0.0", address) || inNetwork("::", address);
}
