import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";
import { judgePemKey } from "./pem.ts";

/** Judges `client-key-data` of a kubeconfig: a private key in PEM, in base 64 once more. */
export function judgeClientKey(base64: string): Judgement | undefined {
  const pem = decodeBase64Text(base64);
  const parts = /-----BEGIN ([A-Z ]{0,12})PRIVATE KEY-----([^-]+)-----END/.exec(pem ?? "");
  return parts === null ? undefined : judgePemKey(parts[1] ?? "", parts[2] ?? "");
}
