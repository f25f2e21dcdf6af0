import type { Place } from "../../base/errors.ts";
import { safeNumber } from "../../base/u64.ts";
import type { ReadContext } from "../entries.ts";
import type { Messages } from "../schema/types.ts";
import { fileTypeOf } from "./file-mode.ts";
import type { FileEntry, FileTable } from "./file-table.ts";
import type { MountTable } from "./mounts.ts";
import type { OpenFile } from "./open-file.ts";

type Facts = Pick<
  OpenFile,
  "path" | "mountId" | "mount" | "fileType" | "mode" | "flags" | "position" | "sizeBytes" | "owner"
>;

/** What all kinds of files have, where theirs has it. */
export function fileFacts(
  context: ReadContext,
  file: FileEntry,
  table: FileTable,
  mounts: MountTable,
): Facts {
  const { entry, id, place } = file;
  // A FIFO and a terminal were opened by a name, which is a regular file of its own.
  const named = entry.fifo ?? entry.tty;
  const regular = named === undefined ? entry.reg : table.regular(named.regf_id ?? id);
  const own = ownFields(file) ?? regular;
  const mountId = regular?.mnt_id ?? entry.usk?.mnt_id ?? entry.bpf?.mnt_id;
  const facts: Facts = {
    path: regular?.name,
    mountId: mountId === -1 ? undefined : mountId,
    mount: undefined,
    fileType: fileTypeOf(regular?.mode),
    mode: regular?.mode,
    flags: own?.flags,
    position: checked(context, place, "position", own?.pos),
    sizeBytes: checked(context, place, "size", regular?.size),
    owner: ownerOf(own?.fown),
  };
  if (facts.mountId === undefined) return facts;
  facts.mount = mounts.find(facts.mountId);
  // Where no mounts are known at all that is one problem, and told elsewhere.
  if (facts.mount === undefined && mounts.mounts.length > 0) {
    const message = `file ${id} lies on mount ${facts.mountId}, which no mountpoints image holds`;
    context.problems.add({ severity: "warning", code: "file-table", message, where: place });
  }
  return facts;
}

interface OwnFields {
  flags?: number;
  pos?: bigint;
  fown?: Messages["fown_entry"];
}

function ownFields({ entry }: FileEntry): OwnFields | undefined {
  if (entry.fifo !== undefined) return undefined;
  return Object.values(entry)[0] as OwnFields | undefined;
}

function ownerOf(fown: Messages["fown_entry"] | undefined): OpenFile["owner"] {
  return fown === undefined || fown.pid === 0 ? undefined : { pid: fown.pid, signal: fown.signum };
}

/** Positions of devices may be anything; sizes and positions beyond 2^53 - 1 are told and left out. */
function checked(
  { problems }: ReadContext,
  where: Place,
  what: string,
  value: bigint | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  const number = safeNumber(value);
  if (number !== undefined) return number;
  const message = `a file has the impossible ${what} ${value}; allowed up to 2^53 - 1`;
  problems.add({ severity: "warning", code: "file-table", message, where });
  return undefined;
}
