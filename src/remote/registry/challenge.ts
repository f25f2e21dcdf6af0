/** What a registry asks for before it lets anybody in (RFC 9110 §11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  scheme: string;
  /** Names in lower case. */
  parameters: Readonly<Record<string, string>>;
}

/** Longer headers are no registry's. */
const longest = 8192;

/** Reads `WWW-Authenticate`; what cannot be read is left out. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  // A scheme is a word alone; a parameter is a word, `=` and a value.
  const part = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*)))?/g;
  for (const [, word = "", quoted, bare] of header.slice(0, longest).matchAll(part)) {
    if (quoted === undefined && bare === undefined) {
      challenges.push({ scheme: word.toLowerCase(), parameters: {} });
      continue;
    }
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
    const last = challenges.at(-1);
    if (last !== undefined) last.parameters[word.toLowerCase()] = value;
  }
  return challenges;
}
