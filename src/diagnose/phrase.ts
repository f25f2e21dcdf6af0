// printf's conversions as they stand in C and Go sources; `%%` is a plain per cent sign.
const conversion = /%(?:[-+#0 ]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?([a-zA-Z])|(%))/g;

/** What may stand for a conversion: part of one line, so that no match runs through a whole log. */
const anything = "[^\\n]{0,400}?";

/** The expression that finds a phrase with `%d` and its like in it. */
export function phrasePattern(phrase: string): RegExp {
  let source = "";
  let done = 0;
  for (const { 0: found, 2: percent, index } of phrase.matchAll(conversion)) {
    source += literal(phrase.slice(done, index));
    source += percent === undefined ? anything : "%";
    done = index + found.length;
  }
  return new RegExp(source + literal(phrase.slice(done)));
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
