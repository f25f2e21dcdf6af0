// printf's conversions as they stand in C and Go sources; `%%` is a plain per cent sign.
const conversion = /%(?:[-+#0 ]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?([a-zA-Z])|(%))/g;

/** Tells whether a line has a phrase in it. */
export interface PhrasePattern {
  test: (line: string) => boolean;
}

/**
 * Finds a phrase with `%d` and its like in it, which stand for anything. The parts between them
 * are looked for one behind the other, each where it comes first: no line, however it is made,
 * takes longer than its length.
 */
export function phrasePattern(phrase: string): PhrasePattern {
  const parts = phraseParts(phrase);
  return {
    test: (line) => {
      let from = 0;
      for (const part of parts) {
        const at = line.indexOf(part, from);
        if (at === -1) return false;
        from = at + part.length;
      }
      return true;
    },
  };
}

/** What stands between the conversions of a phrase. */
export function phraseParts(phrase: string): string[] {
  const parts: string[] = [];
  let literal = "";
  let done = 0;
  for (const { 0: found, 2: percent, index } of phrase.matchAll(conversion)) {
    literal += phrase.slice(done, index);
    done = index + found.length;
    if (percent === undefined) {
      parts.push(literal);
      literal = "";
    } else literal += "%";
  }
  parts.push(literal + phrase.slice(done));
  return parts;
}
