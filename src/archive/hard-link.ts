import { canonicalName, type TarMember } from "./member.ts";

/** Hard links may name hard links; nobody makes chains longer than this. */
const longestChain = 8;

/** Where a hard link leads: the member whose content it shares, or why there is none. */
type LinkEnd = TarMember | "missing" | "circle";

/** Follows hard links; any other member is its own end. */
export function followHardLinks(
  member: TarMember,
  find: (name: string) => TarMember | undefined,
): LinkEnd {
  let current = member;
  for (let depth = 0; current.type === "hardlink"; depth++) {
    if (depth === longestChain) return "circle";
    const target = find(canonicalName(current.linkName ?? ""));
    if (target === undefined) return "missing";
    current = target;
  }
  return current;
}
