import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import { readRootfsChanges } from "../../checkpoint/rootfs.ts";
import type { RootfsRow } from "../state/member-rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";
import { RootfsTree } from "./rootfs-tree.ts";

/** What the container changed in its root file system, and what its volumes hold. */
export const answerRootfs: Handler<"rootfs"> = async ({ path }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const problems = new ProblemLog();
  const rows = await changesTree(checkpoint);
  for (const name of checkpoint.archive.names()) {
    const member = checkpoint.archive.find(name);
    const content = member && describeContent(member);
    if (member === undefined || content?.nested !== true || content.kind !== "volume") continue;
    call.signal.throwIfAborted();
    rows.push(...(await volumeTree(checkpoint, name, content.title)));
  }
  for (const problem of checkpoint.problems.filter(concernsFiles)) problems.add(problem);
  return inParts(rows, problems.list(), call);
};

const concernsFiles = ({ where }: Problem): boolean => where?.member === "deleted.files";

async function changesTree(checkpoint: Checkpoint): Promise<RootfsRow[]> {
  const { changed, deleted, notes } = await readRootfsChanges(checkpoint);
  const hasDiff = checkpoint.archive.find("rootfs-diff.tar") !== undefined;
  const tree = new RootfsTree("changes to the root file system", "rootfs");
  for (const note of notes) tree.note(note);
  if (changed.length === 0 && deleted.length === 0) {
    tree.note(hasDiff ? "nothing was changed" : "the archive holds no changed files");
  }
  for (const file of changed) tree.add(file, `rootfs-diff.tar!${file.path.slice(1)}`);
  for (const path of deleted) tree.remove(path);
  return tree.rows();
}

/** The files of a volume, of /dev/shm: all are in the archive, changed or not. */
async function volumeTree(
  checkpoint: Checkpoint,
  name: string,
  title: string,
): Promise<RootfsRow[]> {
  const volume = /^volumes\/(.*)\.tar$/.exec(name)?.[1];
  const tree = new RootfsTree(volume === undefined ? title : `${title}: ${volume}`, name);
  try {
    const member = checkpoint.archive.find(name);
    if (member === undefined) return [];
    const archive = await checkpoint.nested(member);
    try {
      for (const problem of archive.problems) {
        if (problem.severity === "error") tree.note(problem.message);
      }
      for (const inner of archive.members) tree.addMember(inner, name);
    } finally {
      await archive.close();
    }
  } catch (error) {
    tree.failed(error);
  }
  return tree.rows();
}
