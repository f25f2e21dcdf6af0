import { nameHazard, type TarMember } from "./member.ts";
import { leavesTree } from "./member-collector.ts";

/** What to do with links. Hard links become copies of what they name unless they are skipped. */
export type LinkPolicy = "skip" | "keep";

/** Why a member is never made; undefined where it may be. */
export function refuse(
  member: TarMember,
  links: LinkPolicy,
): { status: "skipped" | "refused"; reason: string } | undefined {
  const hazard = nameHazard(member.name);
  if (hazard !== undefined) {
    const reasons = {
      empty: "its name is empty",
      absolute: "its name is absolute",
      parent: "its name climbs out of the folder with ..",
      nul: "its name holds a NUL byte",
    };
    return { status: "refused", reason: reasons[hazard] };
  }
  switch (member.type) {
    case "file":
    case "directory":
      return undefined;
    case "hardlink":
      if (leavesTree(member)) {
        return { status: "refused", reason: `it links to ${member.linkName}, outside the archive` };
      }
      return undefined;
    case "symlink":
      if (links === "skip") {
        return {
          status: "skipped",
          reason: "a symbolic link; --links keep makes those that stay inside",
        };
      }
      return leavesTree(member)
        ? { status: "refused", reason: `it links to ${member.linkName}, outside the folder` }
        : undefined;
    case "unknown":
      return { status: "refused", reason: "its type is unknown, so it is never made" };
    default:
      return { status: "refused", reason: `a ${member.type.replace("-", " ")} is never made` };
  }
}
