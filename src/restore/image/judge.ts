import type { Archive } from "../../archive/archive.ts";
import { canonicalName, type TarMember } from "../../archive/member.ts";
import { RefusedError } from "../../base/errors.ts";
import type { Problem } from "../../base/problem.ts";
import { quote } from "../../base/shell.ts";
import { clip, sanitize } from "../../base/text.ts";

/** Reasons that are told; a hostile archive has a million. */
const mostReasons = 5;
/** Names may be a million characters long. */
const longestReason = 300;

/**
 * Warnings about an archive that are harmless for who only looks, and not for a runtime that
 * unpacks it: it may see other members than we judged, or write elsewhere.
 */
const refusedCodes: ReadonlySet<string> = new Set([
  "unsafe-name",
  "unsafe-link",
  "device-member",
  "unknown-type",
  "broken-link",
  "size-disagrees",
  "lone-zero-block",
  "long-trailer",
]);

/**
 * Asks whether an archive may become a layer as it is. A layer is unpacked as root, so everything
 * must be what it seems.
 * @throws {RefusedError} with the first reasons.
 */
export function judgeLayer({ path, problems, members }: Archive): void {
  const reasons: string[] = [];
  let more = 0;
  const refuse = (reason: string): void => {
    if (reasons.length < mostReasons) reasons.push(clip(reason, longestReason));
    else more += 1;
  };
  for (const problem of problems) if (spoils(problem)) refuse(problem.message);
  const links = new Set(
    members.filter(({ type }) => type === "symlink").map(({ name }) => canonicalName(name)),
  );
  for (const member of members) {
    const reason = misread(member) ?? astray(member, links);
    if (reason !== undefined) refuse(`${sanitize(member.name)} ${reason}`);
  }
  for (const { link, name } of belowLinks(members, links)) {
    refuse(`${sanitize(name)} lies below ${sanitize(link)}, which is a link`);
  }
  const [first, ...others] = reasons;
  if (first === undefined) return;
  throw new RefusedError({
    code: "unsafe-archive",
    what: "the archive is not made into an image, because a runtime would unpack it as root",
    where: { path },
    found: first,
    allowed: "plain files, folders and links that stay inside, in a tar without damage",
    next: `see what is wrong with it: cryoscope audit ${quote(path)}`,
    notes: [...others, ...(more === 0 ? [] : [`and ${more} more`])],
  });
}

function spoils({ severity, code }: Problem): boolean {
  return severity === "error" || refusedCodes.has(code);
}

/** In a layer, `.wh.NAME` is no file: it deletes NAME. */
function misread({ name, type }: TarMember): string | undefined {
  if (
    canonicalName(name)
      .split("/")
      .some((part) => part.startsWith(".wh."))
  ) {
    return "would be taken for a deletion by whoever unpacks the layer";
  }
  return type === "fifo" ? "is a FIFO, at which a runtime would wait for ever" : undefined;
}

/**
 * A link whose target is inside by its text can still lead outside over other links. It cannot
 * where `..` only stands in front, and nothing lies below a link.
 */
function astray(
  { type, linkName = "" }: TarMember,
  links: ReadonlySet<string>,
): string | undefined {
  if (type === "symlink") {
    const parts = linkName.split("/").filter((part) => part !== "" && part !== ".");
    const down = parts.findIndex((part) => part !== "..");
    if (down !== -1 && parts.includes("..", down)) {
      return `links to ${sanitize(linkName)}, which goes down and up again`;
    }
  }
  // The same relative link at another depth points to another place.
  if (type === "hardlink" && links.has(canonicalName(linkName))) {
    return `is a second name of ${sanitize(linkName)}, which is a link itself`;
  }
  return undefined;
}

/**
 * Members below links, one of each link. Names are sorted and each link looked up in them: paths of
 * a million folders are no reason to wait.
 */
function* belowLinks(
  members: readonly TarMember[],
  links: ReadonlySet<string>,
): Generator<{ link: string; name: string }> {
  if (links.size === 0) return;
  const names = members.map(({ name }) => canonicalName(name)).sort();
  for (const link of links) {
    const start = `${link}/`;
    let low = 0;
    let high = names.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((names[middle] as string) < start) low = middle + 1;
      else high = middle;
    }
    const name = names[low];
    if (name?.startsWith(start)) yield { link, name };
  }
}
