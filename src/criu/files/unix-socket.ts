import { escapedText } from "../../base/bytes.ts";
import type { Messages } from "../schema/types.ts";
import { type Socket, shutdownOf, socketState, socketType } from "./socket.ts";
import { socketOptions } from "./socket-options.ts";

/** `uflags` of CRIU: the other end is outside the dump, or comes from the caller on restore. */
const external = 1 << 0;
const inherited = 1 << 3;

export function unixSocket(entry: Messages["unix_sk_entry"]): Socket {
  return {
    fileId: entry.id,
    kind: "unix-socket",
    family: "unix",
    type: socketType(entry.type),
    protocol: undefined,
    state: socketState(entry.state, false),
    inode: entry.ino,
    local: unixName(entry.name, entry.name_dir),
    remote: undefined,
    peerInode: entry.peer === 0 ? undefined : entry.peer,
    peerFileId: undefined,
    external: (entry.uflags & (external | inherited)) !== 0,
    backlog: entry.state === 10 ? entry.backlog : undefined,
    shutdown: shutdownOf(entry.shutdown),
    flags: entry.flags,
    options: socketOptions(entry.opts),
    networkNamespaceId: entry.ns_id,
    mountId: entry.mnt_id,
    mode: entry.file_perms?.mode,
    deleted: entry.deleted === true,
    queues: [],
  };
}

/**
 * The name of a unix socket: a path, which ends at its NUL, or an abstract name, whose leading NUL
 * is shown as `@` and which may hold any byte. Undefined where it has none.
 */
export function unixName(name: Uint8Array, folder?: string): string | undefined {
  if (name.length === 0) return undefined;
  if (name[0] === 0) return `@${escapedText(name.subarray(1))}`;
  const end = name.indexOf(0);
  const path = escapedText(end === -1 ? name : name.subarray(0, end));
  const relative = !path.startsWith("/") && folder !== undefined && folder !== "";
  return relative ? `${folder.replace(/\/$/, "")}/${path}` : path;
}
