/** Most characters of a pattern. */
export const longestPattern = 1024;

type Token = "*" | "**" | "?" | { text: string };

/**
 * A pattern of a policy, over a whole text: `?` is any character but `/`, `*` any number of them,
 * `**` any characters at all, everything else itself. Its time is bounded by the length of the
 * pattern times that of the text, whatever both hold.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  const [only] = tokens;
  if (only === undefined) return (text) => text === "";
  if (tokens.length === 1 && only === "**") return () => true;
  if (tokens.length === 1 && typeof only === "object") return (text) => text === only.text;
  return (text) => matches(tokens, text);
}

/** Does a text match one of the patterns? */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => compilePattern(pattern)(text));
}

/** Is it more than a text that stands for itself? */
export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

function tokensOf(pattern: string): Token[] {
  return (pattern.match(/\*+|\?|[^*?]+/g) ?? []).map((part) => {
    if (part === "?" || part === "*") return part;
    return part.startsWith("*") ? "**" : { text: part };
  });
}

/** Walks over the tokens with the set of all places in the text that they can have reached. */
function matches(tokens: readonly Token[], text: string): boolean {
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const token of tokens) {
    const next = new Uint8Array(text.length + 1);
    if (typeof token === "object") stepText(reached, next, token.text, text);
    else if (token === "?") stepOne(reached, next, text);
    else stepMany(reached, next, text, token === "**");
    reached = next;
  }
  return reached[text.length] === 1;
}

function stepText(reached: Uint8Array, next: Uint8Array, literal: string, text: string): void {
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) {
    next[at + literal.length] = reached[at] as number;
  }
}

function stepOne(reached: Uint8Array, next: Uint8Array, text: string): void {
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "/") next[at + 1] = reached[at] as number;
  }
}

function stepMany(reached: Uint8Array, next: Uint8Array, text: string, slashes: boolean): void {
  let open = false;
  for (let at = 0; at <= text.length; at++) {
    open ||= reached[at] === 1;
    next[at] = open ? 1 : 0;
    if (!slashes && text[at] === "/") open = false;
  }
}
