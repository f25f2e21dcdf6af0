/** Is it the address of an archive elsewhere: `https://…`, `http://…`, `oci://…`? */
export function isRemote(path: string): boolean {
  return /^(?:https?|oci):\/\//i.test(path);
}

/**
 * A path or an address as people and documents may see it: without a query, which in the address of
 * an object store is a credential, without user and password, and without a fragment. `?…` says that
 * there was a query.
 */
export function shownName(path: string): string {
  if (!isRemote(path)) return path;
  const [, scheme = "", rest = ""] = /^(\w+:\/\/)(.*)$/s.exec(path) ?? [];
  const end = rest.search(/[?#]/);
  const bare = end === -1 ? rest : rest.slice(0, end);
  const authority = bare.split("/", 1)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  // A digest stands behind an @ as well, but behind the first slash.
  return `${scheme}${host}${bare.slice(authority.length)}${rest[end] === "?" ? "?…" : ""}`;
}

/** A message with addresses in it as they may be seen, whoever put them there. */
export function withoutQueries(text: string): string {
  return text.replace(/\b((?:https?|oci):\/\/[^\s?#"'<>]*)\?[^\s"'<>]*/gi, "$1?…");
}

/** The last part of a path or an address, as a file would be called. */
export function fileNameIn(path: string): string {
  const shown = shownName(path).replace(/\?…$/, "");
  const last = shown.slice(shown.lastIndexOf("/") + 1);
  if (!isRemote(path)) return last;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
