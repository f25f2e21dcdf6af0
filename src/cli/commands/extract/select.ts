import { canonicalName } from "../../../archive/member.ts";
import { UsageError } from "../../../base/errors.ts";

/** One pattern of the command line, split at `!` for archives inside the archive. */
export interface Selection {
  pattern: string;
  outer: Match;
  inner: Match | undefined;
}

type Match = (name: string) => boolean;

export async function parseSelections(patterns: readonly string[]): Promise<Selection[]> {
  // Only this command needs globs, so only it pays for them.
  const { default: picomatch } = await import("picomatch");
  const matcher = (pattern: string): Match => matches(pattern, picomatch);
  return patterns.map((pattern) => {
    const mark = pattern.indexOf("!", 1);
    const outer = mark === -1 ? pattern : pattern.slice(0, mark);
    const inner = mark === -1 ? undefined : pattern.slice(mark + 1);
    if (outer === "" || inner === "") {
      throw new UsageError({
        what: `${JSON.stringify(pattern)} is no pattern`,
        allowed: "a name or glob, or OUTER!INNER",
        next: "cryoscope extract --help",
      });
    }
    return {
      pattern,
      outer: matcher(outer),
      inner: inner === undefined ? undefined : matcher(inner),
    };
  });
}

/** Names are literal first: an archive may hold names with glob characters in them. */
function matches(pattern: string, picomatch: typeof import("picomatch")): Match {
  const canonical = canonicalName(pattern);
  // `.` and `/` name the top folder, which no glob can.
  if (canonical === "") return (name) => name === pattern || canonicalName(name) === "";
  const glob = picomatch(canonical, { dot: true, nonegate: true });
  return (name) => {
    const candidate = canonicalName(name);
    return candidate === canonical || (candidate !== "" && glob(candidate)) || name === pattern;
  };
}
