import type { Archive } from "../../archive/archive.ts";
import { canonicalName, nameHazard, type TarMember } from "../../archive/member.ts";
import { leavesTree } from "../../archive/member-collector.ts";
import { ArchiveError } from "../../base/errors.ts";
import { type Problem, ProblemLog } from "../../base/problem.ts";
import { describeContent } from "../../checkpoint/content.ts";
import type { Subject } from "../subject.ts";
import { LinkTrail } from "./link-trail.ts";
import { sortedMembers } from "./members.ts";
import { nestedElsewhere } from "./problem-codes.ts";
import { setuidFault } from "./setuid.ts";

/** A member of an archive inside the archive. */
interface NestedMember {
  /** `rootfs-diff.tar!etc/passwd`. */
  label: string;
  /** The member of the archive that holds it. */
  outer: string;
  /** What `outer` is: changes of the root file system, a volume, /dev/shm, a tmpfs of CRIU. */
  kind: "rootfs" | "volume" | "tmpfs";
  member: TarMember;
  /** Why, in words: `climbs out of the archive with ..`. */
  why: string;
  /** Does it do what no honest archive does, or only what few do? */
  grave: boolean;
}

/** What stands out in archives inside the archive. Each list is cut where nobody reads on. */
export interface NestedFacts {
  names: readonly NestedMember[];
  links: readonly NestedMember[];
  devices: readonly NestedMember[];
  setuid: readonly NestedMember[];
  problems: readonly Problem[];
  /** Archives that were not looked at, because each would cost a pass over a compressed one. */
  skipped: number;
}

/** What is grave and what is not, so that the one leaves room for the other. */
interface List {
  grave: NestedMember[];
  mild: NestedMember[];
}

type Lists = Record<"names" | "links" | "devices" | "setuid", List>;

const emptyList = (): List => ({ grave: [], mild: [] });

/** Podman writes one for each volume and tmpfs. */
const mostPasses = 64;

/** More than rules tell of. */
const longestList = 256;

/** Lists every archive inside the archive once, and keeps what rules ask for. */
export function nestedFacts(subject: Subject): Promise<NestedFacts> {
  return subject.once("nested facts", async () => {
    const lists: Lists = {
      names: emptyList(),
      links: emptyList(),
      devices: emptyList(),
      setuid: emptyList(),
    };
    const problems = new ProblemLog();
    const { nested } = await sortedMembers(subject);
    const { compression } = subject.checkpoint.archive;
    const looked = compression === "none" ? nested : nested.slice(0, mostPasses);
    for (const member of looked) await look(subject, member, lists, problems);
    const all = ({ grave, mild }: List): NestedMember[] => [...grave, ...mild];
    return {
      names: all(lists.names),
      links: all(lists.links),
      devices: all(lists.devices),
      setuid: all(lists.setuid),
      problems: problems.list(),
      skipped: nested.length - looked.length,
    };
  });
}

async function look(
  { checkpoint }: Subject,
  member: TarMember,
  lists: Lists,
  problems: ProblemLog,
): Promise<void> {
  // A tmpfs without a file is an empty image; what is cut is told where the archive is.
  if (member.size === 0 || member.available !== undefined) return;
  try {
    const inner = await checkpoint.nested(member);
    try {
      judge(inner, member, lists);
      for (const problem of inner.problems) {
        if (!nestedElsewhere.has(problem.code)) problems.add(nestedProblem(problem, member));
      }
    } finally {
      await inner.close();
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-nested-archive", error, { member: member.name });
  }
}

function nestedProblem(problem: Problem, { name }: TarMember): Problem {
  const inner = problem.where?.member;
  const where = { ...problem.where, member: inner === undefined ? name : `${name}!${inner}` };
  const message = `in ${name}: ${problem.message}`;
  return { severity: problem.severity, code: "broken-nested-archive", message, where };
}

function judge(inner: Archive, outer: TarMember, lists: Lists): void {
  const kind = kindOf(outer);
  const trail = new LinkTrail(inner.members);
  for (const member of inner.members) {
    const note = (to: List, why: string | undefined, grave = true): void => {
      const list = grave ? to.grave : to.mild;
      if (why === undefined || list.length === longestList) return;
      const label = `${outer.name}!${member.name}`;
      list.push({ label, outer: outer.name, kind, member, why, grave });
    };
    note(lists.names, nameFault(member));
    note(lists.links, trail.faultOf(member));
    note(lists.links, climbs(member), false);
    note(lists.devices, deviceFault(member, kind), kind === "volume");
    note(lists.setuid, setuidFault(member.type, member.mode), false);
  }
}

function kindOf(outer: TarMember): NestedMember["kind"] {
  const content = describeContent(outer);
  if (content.kind === "rootfs") return "rootfs";
  return content.image === undefined ? "volume" : "tmpfs";
}

const hazards = {
  absolute: "has an absolute name",
  parent: "climbs out of the folder that it is unpacked in",
  nul: "has a name with a NUL byte",
  empty: undefined,
} as const;

function nameFault(member: TarMember): string | undefined {
  const hazard = nameHazard(member.name);
  if (hazard !== undefined) return hazards[hazard];
  const base = member.name.slice(member.name.lastIndexOf("/") + 1);
  // A whiteout names what is deleted beside it (OCI image specification, layers).
  const deleted = base.startsWith(".wh.") && base !== ".wh..wh..opq" ? base.slice(4) : undefined;
  if (deleted !== undefined && ["", ".", ".."].includes(deleted)) {
    return "is a whiteout that deletes the folder that it stands in, or the one above";
  }
  return undefined;
}

/** Symbolic links may point anywhere inside a container; one that climbs points nowhere in it. */
function climbs(member: TarMember): string | undefined {
  const target = member.linkName;
  if (member.type !== "symlink" || target === undefined || target.startsWith("/")) return undefined;
  return leavesTree(member) ? `points to ${target}, above the folder it is unpacked in` : undefined;
}

/** `/dev` is a tmpfs, and its devices are saved with it. */
function deviceFault({ type }: TarMember, kind: NestedMember["kind"]): string | undefined {
  if (type === "block-device") return "is a block device";
  return type === "character-device" && kind !== "tmpfs" ? "is a character device" : undefined;
}

/** A name by which members inside are the same in another checkpoint. */
export function nestedKey({ outer, member }: NestedMember): string {
  return `${canonicalName(outer)}!${canonicalName(member.name)}`;
}
