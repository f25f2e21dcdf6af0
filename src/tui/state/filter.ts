/** A filter as it was typed, ready to be asked. */
export interface Filter {
  matches(text: string): boolean;
  /** The expression is no regular expression, so it is looked for as it stands. */
  literal: boolean;
}

/**
 * Reads a filter: a regular expression, inverted by a leading `!`. Case counts only where it holds
 * a capital. Half-typed expressions are looked for as they stand.
 * @returns undefined where the text filters nothing.
 */
export function readFilter(text: string): Filter | undefined {
  const inverted = text.startsWith("!");
  const source = inverted ? text.slice(1) : text;
  if (source === "") return undefined;
  const flags = /[A-Z]/.test(source) ? "u" : "iu";
  let literal = false;
  let expression: RegExp;
  try {
    expression = new RegExp(source, flags);
  } catch {
    literal = true;
    expression = new RegExp(source.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), flags);
  }
  return { matches: (value) => expression.test(value) !== inverted, literal };
}
