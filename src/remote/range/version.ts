import type { Reply } from "../http/send.ts";

/** What tells one version of a resource from the next, as its server told it first. */
export interface Version {
  size: number;
  /** A strong entity tag (RFC 9110 §8.8.3): equal tags, equal bytes. */
  tag: string | undefined;
  /** `Last-Modified`, to a second. */
  modified: string | undefined;
}

export function versionOf({ headers }: Pick<Reply, "headers">, size: number): Version {
  const tag = headers["etag"];
  return {
    size,
    tag: tag !== undefined && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag) ? tag : undefined,
    modified: headers["last-modified"],
  };
}

/** Headers that have the server refuse another version. */
export function conditions({ tag, modified }: Version): Record<string, string> {
  if (tag !== undefined) return { "if-match": tag };
  return modified === undefined ? {} : { "if-unmodified-since": modified };
}

/** How an answer shows that it is of another version; undefined where nothing says so. */
export function difference(
  known: Version,
  now: Version,
): { found: string; was: string } | undefined {
  if (now.size !== known.size) return { found: `${now.size} bytes`, was: `${known.size} bytes` };
  // Each machine of a store may leave one of both out, but none gives another.
  for (const key of ["tag", "modified"] as const) {
    const [was, is] = [known[key], now[key]];
    if (was === undefined || is === undefined || was === is) continue;
    // Of two copies with one tag the times may differ.
    if (key === "modified" && known.tag !== undefined && known.tag === now.tag) continue;
    return key === "tag"
      ? { found: "another ETag", was: "the ETag of the beginning" }
      : { found: `Last-Modified: ${is.slice(0, 40)}`, was: was.slice(0, 40) };
  }
  return undefined;
}
