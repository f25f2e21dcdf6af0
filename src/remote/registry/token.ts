import type { Ask } from "../http/send.ts";
import type { Credentials } from "./credentials.ts";

/**
 * The question for a token: a GET with name and password, or OAuth2's POST where a refresh token
 * stands for both.
 */
export function tokenRequest(
  realm: URL,
  fields: URLSearchParams,
  credentials: Credentials | undefined,
): Ask {
  return credentials !== undefined && "identityToken" in credentials
    ? refresh(realm, fields, credentials.identityToken)
    : get(realm, fields, basicOf(credentials));
}

/** What `Authorization` says of a name and a password; undefined without. */
export function basicOf(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined || "identityToken" in credentials) return undefined;
  const { user, password } = credentials;
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function get(realm: URL, fields: URLSearchParams, proof: string | undefined): Ask {
  const url = new URL(realm);
  for (const [name, value] of fields) url.searchParams.append(name, value);
  return { method: "GET", url, headers: proof === undefined ? {} : { authorization: proof } };
}

function refresh(url: URL, fields: URLSearchParams, token: string): Ask {
  fields.set("grant_type", "refresh_token");
  fields.set("refresh_token", token);
  fields.set("client_id", "cryoscope");
  const text = Buffer.from(fields.toString());
  const type = "application/x-www-form-urlencoded";
  return { method: "POST", url, body: { length: text.length, type, bytes: () => once(text) } };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The token in an answer; undefined where there is none that can be sent on. */
export function tokenOf(text: string): string | undefined {
  try {
    const { token, access_token: access } = JSON.parse(text) as Record<string, unknown>;
    const found = typeof token === "string" && token !== "" ? token : access;
    // It becomes a header.
    return typeof found === "string" && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
