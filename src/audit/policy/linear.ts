import type { Match } from "../../memory/secrets/detector.ts";

/** Characters of an expression, and steps of the program that it becomes. */
export const longestExpression = 1000;
const mostSteps = 2000;

/** An expression that is searched in time that grows with the text and with nothing else. */
export interface LinearExpression {
  /** The first match at or behind a place; one of no characters is none. */
  find(text: string, from: number): Match | undefined;
  /** Can it match no characters at all? */
  matchesNothing(): boolean;
}

/**
 * Compiles expressions of RE2's syntax (https://github.com/google/re2/wiki/Syntax), which leaves
 * out what needs backtracking. Throws an Error with a sentence for what is no such expression or
 * too large a one.
 */
export async function linearExpressions(): Promise<(text: string) => LinearExpression> {
  const { RE2JS } = await import("re2js");
  return (text) => {
    const pattern = RE2JS.compile(text);
    const steps = pattern.programSize();
    if (steps > mostSteps) {
      throw new Error(`it is too large: ${steps} steps, where ${mostSteps} are allowed`);
    }
    const names = Object.keys(pattern.namedGroups());
    return {
      find(searched, from) {
        const matcher = pattern.matcher(searched);
        if (!matcher.find(from) || matcher.end() === matcher.start()) return undefined;
        return {
          index: matcher.start(),
          match: matcher.group() ?? "",
          groups: Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined])),
        };
      },
      matchesNothing: () =>
        ["", "a", "0 a", "\n"].some((sample) => {
          const matcher = pattern.matcher(sample);
          return matcher.find() && matcher.end() === matcher.start();
        }),
    };
  };
}
