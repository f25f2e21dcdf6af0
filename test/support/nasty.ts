import { afterAll } from "vitest";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import type { FileItem } from "../../src/checkpoint/file-item.ts";
import { type FileList, listFiles } from "../../src/checkpoint/file-list.ts";
import { listMounts, type MountList } from "../../src/checkpoint/mount-list.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { listSockets, type SocketItem, type SocketList } from "../../src/checkpoint/socket-list.ts";
import { samplePath } from "./samples.ts";

interface Nasty {
  checkpoint: Checkpoint;
  list: FileList;
  sockets: SocketList;
  mounts: MountList;
  /** The file that a descriptor names. */
  at(pid: number, fd: number): FileItem;
  socketAt(pid: number, fd: number): SocketItem;
}

/** Opens a dump of samples/nasty until the tests around are done, with all that waits in it revealed. */
export async function openNasty(name: string): Promise<Nasty> {
  const checkpoint = await openCheckpoint(samplePath(`criu/${name}.tar.gz`), {
    permissions: "any",
  });
  afterAll(() => checkpoint.close());
  const list = await listFiles(checkpoint, { reveal: true });
  const sockets = await listSockets(checkpoint, { reveal: true });
  return {
    checkpoint,
    list,
    sockets,
    mounts: await listMounts(checkpoint),
    at(pid, fd) {
      const table = list.tables.find(({ pids }) => pids.includes(pid));
      const entry = table?.descriptors.find((each) => each.fd === fd);
      const file = list.items.find(({ kind, id }) => kind === entry?.kind && id === entry.fileId);
      if (file === undefined) throw new Error(`pid ${pid} has no descriptor ${fd}`);
      return file;
    },
    socketAt(pid, fd) {
      const found = sockets.items.find(({ holders }) =>
        holders.some((holder) => holder.pid === pid && holder.fd === fd),
      );
      if (found === undefined) throw new Error(`no socket at ${pid}/${fd}`);
      return found;
    },
  };
}

/** Texts that wait in a file or socket, packet by packet. */
export function waiting({ queues }: Pick<FileItem, "queues">): string[] {
  return queues
    .flatMap(({ chunks }) => chunks)
    .map(({ content }) => Buffer.from(content ?? "", "base64").toString());
}
