import type { Detector, Match } from "../../memory/secrets/detector.ts";
import { severities } from "../severity.ts";
import type { Field } from "./field.ts";
import { type LinearExpression, linearExpressions, longestExpression } from "./linear.ts";
import type { OwnDetector } from "./policy.ts";

/** Detectors that a policy may bring; each costs every search some time. */
const mostDetectors = 200;
/** Characters of a match of one's own detector. */
const longestMatch = 1024;

const keys = ["id", "title", "keywords", "expression", "severity"] as const;

/**
 * Reads `secrets.own`, and tries every expression.
 * @param builtIn ids that are taken.
 * @throws UsageError also for expressions of another syntax than RE2's.
 */
export async function readOwnDetectors(
  field: Field,
  builtIn: readonly string[],
): Promise<OwnDetector[]> {
  const compile = await linearExpressions();
  const seen = new Set(builtIn);
  return field.list(mostDetectors).map((entry) => {
    const fields = entry.known(keys);
    const id = readId(entry.required(fields, "id", "an id of its own"), seen);
    const severity = fields.get("severity")?.oneOf(severities, "severity");
    return {
      id,
      title: entry.required(fields, "title", "a few words").text("a few words", 200),
      keywords: readKeywords(
        entry.required(fields, "keywords", "texts of which each match contains one"),
      ),
      expression: readExpression(
        entry.required(fields, "expression", "a regular expression"),
        compile,
      ),
      ...(severity === undefined ? {} : { severity }),
    };
  });
}

/** The detectors as a search takes them: found in linear time. */
export async function ownDetectors(own: readonly OwnDetector[]): Promise<Detector[]> {
  if (own.length === 0) return [];
  const compile = await linearExpressions();
  return own.map(({ id, title, keywords, expression, severity }) => {
    const linear = compile(expression);
    return {
      id,
      title,
      group: "assignment",
      severity: severity ?? "high",
      keywords,
      // Nothing: `find` looks in its place.
      expression: /(?!)/,
      find: (text: string, from: number): Match | undefined => linear.find(text, from),
      longest: longestMatch,
    };
  });
}

function readId(field: Field, seen: Set<string>): string {
  const allowed = "lower-case letters, digits and hyphens, begun by a letter";
  const id = field.text(allowed);
  if (!/^[a-z][a-z0-9-]{1,63}$/.test(id)) throw field.fault("is no id of a detector", allowed);
  if (seen.has(id)) throw field.fault("is taken by another detector", "an id of its own");
  seen.add(id);
  return id;
}

function readKeywords(field: Field): string[] {
  const allowed = "3 to 64 characters of ASCII, without controls";
  const keywords = field.list(32).map((entry) => {
    const keyword = entry.text(allowed);
    if (!/^[\x20-\x7e]{3,64}$/.test(keyword)) throw entry.fault("is no keyword", allowed);
    return keyword.toLowerCase();
  });
  if (keywords.length > 0) return keywords;
  throw field.fault("is an empty list", "texts of which each match contains one");
}

function readExpression(field: Field, compile: (text: string) => LinearExpression): string {
  const text = field.text("a regular expression", longestExpression);
  if (!/^[\x20-\x7e]*$/.test(text)) {
    throw field.fault(
      "has characters beyond ASCII",
      "ASCII; memory is bytes, and \\xHH is any of them",
    );
  }
  let linear: LinearExpression;
  try {
    linear = compile(text);
  } catch (error) {
    throw field.fault(
      `cannot be used: ${(error as Error).message}`,
      "RE2's syntax: no look-ahead, no look-behind, no back-references",
    );
  }
  if (linear.matchesNothing()) {
    throw field.fault("matches a text of no characters", "an expression of the secret's form");
  }
  return text;
}
