import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { architectureOf } from "../../checkpoint/file-item.ts";
import { accessOf, openFlags } from "../../criu/files/flags.ts";
import type { OpenFile } from "../../criu/files/open-file.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import { type Pairing, pidKey, type Side } from "./pairing.ts";

interface DescriptorId {
  /** The first process that has the descriptor's table. */
  pid: number;
  fd: number;
}

/** What is compared of a descriptor and the open file behind it. Null where it has no such thing. */
export interface DescriptorFacts {
  kind: string;
  name: string;
  access: string | null;
  flags: string[];
  position: number | null;
  sizeBytes: number | null;
  deleted: boolean;
  closeOnExec: boolean;
}

type DescriptorItem = Item<DescriptorId, DescriptorFacts>;
export type DescriptorChange = Change<DescriptorId, DescriptorFacts>;

/** Every descriptor but those of sockets, which have a section of their own; each table once. */
async function descriptorItems(
  checkpoint: Checkpoint,
  side: Side,
  pairing: Pick<Pairing, "reused" | "pid">,
): Promise<DescriptorItem[]> {
  const model = await checkpoint.files();
  const architecture = await architectureOf(checkpoint);
  const items: DescriptorItem[] = [];
  for (const { pids, descriptors } of model.tables) {
    const pid = pids[0];
    if (pid === undefined || (pairing.pid !== undefined && !pids.includes(pairing.pid))) continue;
    for (const { fd, closeOnExec, kind, fileId } of descriptors) {
      if (kind.endsWith("-socket")) continue;
      const file = model.find(kind, fileId);
      items.push({
        key: `${pidKey(pairing, side, pid)} ${fd}`,
        id: { pid, fd },
        facts: { ...facts(kind, fileId, file, architecture), closeOnExec },
      });
    }
  }
  return items;
}

function facts(
  kind: string,
  fileId: number,
  file: OpenFile | undefined,
  architecture: string | undefined,
): Omit<DescriptorFacts, "closeOnExec"> {
  const flags = file?.flags;
  return {
    kind,
    name: file?.name ?? `file ${fileId}`,
    access: flags === undefined ? null : accessOf(flags),
    flags:
      flags === undefined
        ? []
        : openFlags(flags, architecture).filter((it) => !accessFlags.has(it)),
    position: file?.position ?? null,
    sizeBytes: file?.sizeBytes ?? null,
    deleted: file?.deleted !== undefined,
  };
}

/** Told as access. */
const accessFlags: ReadonlySet<string> = new Set(["O_RDONLY", "O_WRONLY", "O_RDWR"]);

export async function compareDescriptors(pairing: Pairing): Promise<DescriptorChange[]> {
  return compareLists(
    await descriptorItems(pairing.before, "before", pairing),
    await descriptorItems(pairing.after, "after", pairing),
    {
      order: (a, b) => inOrder(a.pid, b.pid) || inOrder(a.fd, b.fd),
      alike: (field, before, after) =>
        field === "name" &&
        !pairing.oneLife &&
        withoutNumber(before.name) === withoutNumber(after.name),
    },
  );
}

/** `pipe:[50722]` is numbered by the kernel that ran it. */
function withoutNumber(name: string): string {
  return name.replace(/:\[\d+\]$/, ":");
}
