import { canonicalName } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { countEntries, openImage } from "../../criu/image.ts";
import type { Subject } from "../subject.ts";
import { type SortedMembers, sortedMembers } from "./members.ts";

/** What the first bytes of the images say. */
interface ImageHeads {
  problems: readonly Problem[];
  /** Members that hold an image of another type than they are called, or none at all. */
  wrong: ReadonlySet<string>;
  /** Images that were not looked at, because each would cost a pass over a compressed archive. */
  skipped: number;
}

/** Images that no other answer reads; each is small, so they are walked to their end. */
const unread = new Set(["APPARMOR", "AUTOFS", "BINFMT_MISC", "CPUINFO", "NETDEV", "NETNS", "PIDNS"])
  .add("TIMENS")
  .add("USERNS")
  .add("UTSNS")
  .add("IPC_VAR")
  .add("IRMAP_CACHE");

/** Bytes of images that one pass over a compressed archive has surely kept: others share the room. */
const likelyHeld = limits.retainedBytes / 2;

/** Looks at the magic of every image that has one, whether something asks for the image or not. */
export function readHeads(subject: Subject): Promise<ImageHeads> {
  return subject.once("image heads", async () => {
    const problems = new ProblemLog();
    const wrong = new Set<string>();
    const { compression } = subject.checkpoint.archive;
    let skipped = 0;
    let held = 0;
    for (const found of (await sortedMembers(subject)).images) {
      const { storedSize } = found.member;
      held += storedSize;
      const dear = storedSize > limits.retainedMemberBytes || held > likelyHeld;
      if (compression !== "none" && dear) skipped += 1;
      else await readHead(subject.checkpoint, found, problems, wrong);
    }
    return { problems: problems.list(), wrong, skipped };
  });
}

async function readHead(
  { archive }: Checkpoint,
  { member, image }: SortedMembers["images"][number],
  problems: ProblemLog,
  wrong: Set<string>,
): Promise<void> {
  // What runs behind the end of a cut archive is told as that.
  if (member.available !== undefined) return;
  const where = { member: member.name, offset: 0 };
  const tell = (found: string): void => {
    wrong.add(member.name);
    wrong.add(canonicalName(member.name));
    const message = `${member.name} is named as ${image.type} and ${found}`;
    problems.add({ severity: "error", code: "wrong-type", message, where });
  };
  const source = archive.open(member);
  const type = await openImage(source).then(
    (opened) => opened.type.name,
    (error: unknown) => {
      if (error instanceof ArchiveError) return undefined;
      throw error;
    },
  );
  if (type === undefined) return tell("does not begin like any image of CRIU");
  if (type !== image.type) return tell(`holds ${type}`);
  if (!unread.has(type)) return;
  try {
    await countEntries(source);
  } catch (error) {
    problems.addFault("broken-image", error, { member: member.name });
  }
}
