import { decodeBase64Text } from "./base64.ts";

/** A user and a password that stood as `user:password` in base 64 (RFC 7617). */
export interface Credentials {
  user: string;
  password: string;
}

export function decodeCredentials(base64: string): Credentials | undefined {
  const text = decodeBase64Text(base64);
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon === -1 || colon === text.length - 1) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
