import type { Candidate, Judgement } from "../detector.ts";
import { isExample } from "./invented.ts";
import { plainFacts } from "./json-object.ts";
import { mayBePassword } from "./password.ts";

/**
 * Judges a URL with a password by its groups `scheme`, `user`, `host` and `database`: is it one, or
 * does documentation show how such a URL is written?
 */
export function judgeConnection({ secret, groups }: Candidate): Judgement | undefined {
  const { scheme, user = "", host = "", database } = groups;
  const password = decoded(secret);
  if (!mayBePassword(password) || /^[*.x•]+$/i.test(password)) return undefined;
  if (/[<>{}$%]|^(?:host|hostname|server|address)$/i.test(host) || /[<>{}$]/.test(user))
    return undefined;
  // user:password@, name:pass@: words that stand for what they name.
  if (/^(?:user(?:name)?|login|usr)$/i.test(user) && /^p(?:ass|w|wd|assword)\d*$/i.test(password))
    return undefined;
  const facts = plainFacts({ scheme: scheme?.toLowerCase(), user, host, database });
  if (/(?:^|\.)example(?:\.(?:com|org|net))?\.?$/i.test(host) || isExample(password)) {
    return { proof: "structure", facts: { ...facts, example: true }, severity: "low" };
  }
  return { proof: "structure", facts };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
