import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openSource } from "../../archive/open-archive.ts";
import type { Problem } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { putFile } from "../new-file.ts";
import type { BindSource } from "./bind-sources.ts";
import type { RoomMeter } from "./room.ts";
import { TreeWriter } from "./tree-writer.ts";

/**
 * Makes the sources of bind mounts: empty, or with what Podman saved of a volume or of /dev/shm.
 * @returns what CRIU will miss there
 */
export async function writeSources(
  checkpoint: Checkpoint,
  part: string,
  sources: readonly BindSource[],
  { owners, room }: { owners: boolean; room: RoomMeter },
): Promise<Problem[]> {
  const folder = join(part, "mounts");
  await mkdir(folder, { mode: 0o700 });
  await mkdir(join(folder, "empty"), { mode: 0o700 });
  const problems: Problem[] = [];
  for (const source of sources) {
    const path = join(folder, source.name);
    if (source.shape === "file") await putFile(path, new Uint8Array());
    else await mkdir(path);
    await chmod(path, source.mode);
    if (source.content !== undefined) {
      problems.push(...(await fill(checkpoint, part, source, { owners, room })));
    }
    for (const missing of source.missing) {
      problems.push({
        severity: "warning",
        code: "missing-content",
        message: `${missing} is in use, and the archive does not carry it: put it into ${source.path}, else CRIU will stop there`,
      });
    }
  }
  return problems;
}

async function fill(
  { archive }: Checkpoint,
  part: string,
  { name, content = "" }: BindSource,
  { owners, room }: { owners: boolean; room: RoomMeter },
): Promise<Problem[]> {
  const member = archive.find(content);
  if (member === undefined) return [];
  const path = join(part, "mounts", name);
  const inner = await openSource(archive.open(member), {
    path: `${archive.path}!${content}`,
    spool: part,
  });
  const writer = new TreeWriter(path, owners, room);
  try {
    for (const each of inner.members) await writer.member(inner, each);
    return writer.count.notMade.map(({ path: where, type, reason }) => ({
      severity: "warning",
      code: "not-made",
      message: `a ${type} of ${content} was not made: ${reason}`,
      where: { member: where },
    }));
  } finally {
    writer.close();
    await inner.close();
  }
}
