import { formatBytes, formatCount } from "../base/units.ts";
import type { FileItem } from "../checkpoint/file-item.ts";

/** What else is to be said of an open file, in a few words. Foreign text: not sanitised. */
export function fileNote(file: FileItem): string {
  const notes: string[] = [];
  if (file.deleted !== null) notes.push(deletedNote(file.deleted));
  if (file.external) notes.push("leads outside");
  notes.push(...kindNotes(file));
  if (file.owner !== null) notes.push(`signals ${file.owner.pid}`);
  return notes.join(", ");
}

function deletedNote(deleted: NonNullable<FileItem["deleted"]>): string {
  switch (deleted.how) {
    case "link":
      return `deleted, kept as ${deleted.path ?? "?"}`;
    case "process":
      return `of process ${deleted.pid}, which has ended`;
    default: {
      const { sizeBytes, complete } = deleted;
      if (sizeBytes === null) return "deleted, content missing";
      return `deleted, ${formatBytes(sizeBytes)} kept${complete ? "" : " in part"}`;
    }
  }
}

function kindNotes(file: FileItem): string[] {
  const { socket, eventfd, epoll, timer, signals, watches } = file;
  if (socket !== undefined) return [socket.state, ...(socket.deleted ? ["deleted"] : [])];
  if (eventfd !== undefined) return [`count ${formatCount(eventfd.count)}`];
  if (epoll !== undefined) {
    const { targets } = epoll;
    return [`watches ${targets.length === 0 ? "nothing" : list(targets.map(({ fd }) => `${fd}`))}`];
  }
  if (timer !== undefined) return timerNotes(timer);
  if (signals !== undefined) return [list(signals)];
  if (watches !== undefined) {
    return [`watches ${watches.length === 0 ? "nothing" : list(watches.map(watched))}`];
  }
  return rareNotes(file);
}

function watched({ path, inode, mountId }: NonNullable<FileItem["watches"]>[number]): string {
  return path ?? (mountId === null ? `inode ${inode ?? "?"}` : `mount ${mountId}`);
}

function rareNotes({ memfd, terminal, bpfMap, tun, pipe, type }: FileItem): string[] {
  if (memfd !== undefined) return memfd.seals.length === 0 ? [] : [list(memfd.seals)];
  if (terminal !== undefined) {
    return [terminal.sid === 0 ? terminal.type : `${terminal.type}, session ${terminal.sid}`];
  }
  if (bpfMap !== undefined) return [`${bpfMap.type}, ${formatCount(bpfMap.maxEntries)} entries`];
  if (tun !== undefined) return tun.detached ? ["detached"] : [];
  if (pipe !== undefined && pipe.readers.length === 0) return ["nobody here reads"];
  if (pipe !== undefined && pipe.writers.length === 0) return ["nobody here writes"];
  return type === null || type === "file" ? [] : [type];
}

function timerNotes(timer: NonNullable<FileItem["timer"]>): string[] {
  const { remainingSeconds, intervalSeconds, expirations } = timer;
  const notes = expirations === 0n ? [] : [`ran out ${formatCount(expirations)} times, unread`];
  if (remainingSeconds > 0) notes.push(`${remainingSeconds.toFixed(1)} s left`);
  if (intervalSeconds > 0) notes.push(`every ${intervalSeconds} s`);
  return notes.length === 0 ? ["not armed"] : notes;
}

/** The first few, and how many there are beside them. */
function list(words: readonly string[]): string {
  const shown = words.slice(0, 8).join(" ");
  return words.length > 8 ? `${shown} and ${words.length - 8} more` : shown;
}
