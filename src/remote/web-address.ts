import { UsageError } from "../base/errors.ts";
import { shownName } from "../base/remote-name.ts";
import { insecure } from "./faults.ts";
import { isLoopback } from "./http/redirects.ts";

/** An address, and what proves who we are to its origin alone. */
export interface WebAddress {
  /** Without user and password. */
  url: URL;
  authorization: string | undefined;
}

/**
 * Reads `https://…`, and `http://…` where that may be.
 * @throws {UsageError} where it is no address, {RefusedError} where it would go without TLS to another
 * machine and nobody said that it may.
 */
export function parseAddress(text: string, plainHttp: boolean): WebAddress {
  if (!URL.canParse(text)) {
    throw new UsageError({
      code: "address",
      what: `${shownName(text)} is no web address`,
      allowed: "https://HOST/PATH, quoted for the shell",
    });
  }
  const url = new URL(text);
  if (url.protocol === "http:" && !plainHttp && !isLoopback(url)) {
    throw insecure(
      url,
      "the address is not encrypted: anybody on the way could read and change it",
    );
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.hash = "";
  if (username === "" && password === "") return { url, authorization: undefined };
  const pair = [username, password].map(decode).join(":");
  return { url, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
