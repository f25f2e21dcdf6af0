import type { Place } from "../../base/errors.ts";
import type { Decoded } from "../decode.ts";
import { forEachEntry, type Placed, type ReadContext } from "../entries.ts";
import type { MessageName } from "../schema/schema.ts";
import type { Messages } from "../schema/types.ts";
import { type PlacedRemap, readRemap } from "./remap.ts";

/** What an open file is. */
export type FileKind =
  | "regular"
  | "pipe"
  | "fifo"
  | "inet-socket"
  | "unix-socket"
  | "netlink-socket"
  | "packet-socket"
  | "eventfd"
  | "epoll"
  | "inotify"
  | "fanotify"
  | "signalfd"
  | "timerfd"
  | "pidfd"
  | "memfd"
  | "tty"
  | "tun"
  | "namespace"
  | "external"
  | "bpf-map";

/** The fields of `file_entry` that hold a file, and the message in each. */
interface FileMessages {
  reg: "reg_file_entry";
  pipe: "pipe_entry";
  fifo: "fifo_entry";
  isk: "inet_sk_entry";
  usk: "unix_sk_entry";
  nlsk: "netlink_sk_entry";
  psk: "packet_sock_entry";
  efd: "eventfd_file_entry";
  epfd: "eventpoll_file_entry";
  ify: "inotify_file_entry";
  ffy: "fanotify_file_entry";
  sgfd: "signalfd_entry";
  tfd: "timerfd_entry";
  pidfd: "pidfd_entry";
  memfd: "memfd_file_entry";
  tty: "tty_file_entry";
  tunf: "tunfile_entry";
  nsf: "ns_file_entry";
  ext: "ext_file_entry";
  bpf: "bpfmap_file_entry";
}

type FileField = keyof FileMessages;

interface FileType {
  kind: FileKind;
  /** Number in `enum fd_types`. */
  type: number;
  field: FileField;
  message: MessageName;
  /** The image that held such files before CRIU 3.4 joined all in files.img. */
  image: string;
}

const type = <Field extends FileField>(
  number: number,
  kind: FileKind,
  field: Field,
  message: FileMessages[Field],
  image: string,
): FileType => ({ kind, type: number, field, message, image });

/** All types of open files that the schema knows. */
const fileTypes: readonly FileType[] = [
  type(1, "regular", "reg", "reg_file_entry", "reg-files.img"),
  type(2, "pipe", "pipe", "pipe_entry", "pipes.img"),
  type(3, "fifo", "fifo", "fifo_entry", "fifo.img"),
  type(4, "inet-socket", "isk", "inet_sk_entry", "inetsk.img"),
  type(5, "unix-socket", "usk", "unix_sk_entry", "unixsk.img"),
  type(6, "eventfd", "efd", "eventfd_file_entry", "eventfd.img"),
  type(7, "epoll", "epfd", "eventpoll_file_entry", "eventpoll.img"),
  type(8, "inotify", "ify", "inotify_file_entry", "inotify.img"),
  type(9, "signalfd", "sgfd", "signalfd_entry", "signalfd.img"),
  type(10, "packet-socket", "psk", "packet_sock_entry", "packetsk.img"),
  type(11, "tty", "tty", "tty_file_entry", "tty.img"),
  type(12, "fanotify", "ffy", "fanotify_file_entry", "fanotify.img"),
  type(13, "netlink-socket", "nlsk", "netlink_sk_entry", "netlinksk.img"),
  type(14, "namespace", "nsf", "ns_file_entry", "ns-files.img"),
  type(15, "tun", "tunf", "tunfile_entry", "tunfile.img"),
  type(16, "external", "ext", "ext_file_entry", "ext-files.img"),
  type(17, "timerfd", "tfd", "timerfd_entry", "timerfd.img"),
  type(18, "memfd", "memfd", "memfd_file_entry", "memfd-file.img"),
  type(19, "bpf-map", "bpf", "bpfmap_file_entry", "bpfmap-file.img"),
  type(20, "pidfd", "pidfd", "pidfd_entry", "pidfd.img"),
];

const byNumber = new Map(fileTypes.map((entry) => [entry.type, entry]));

/** Types that CRIU keeps apart inside: controlling terminals, and the pipes of autofs. */
const inner: Record<number, FileKind> = { 65534: "tty", 65535: "pipe" };

/** The kind that a number of `enum fd_types` names. */
export function kindOf(type: number): FileKind | undefined {
  return byNumber.get(type)?.kind ?? inner[type];
}

/** One open file (a "file description" of POSIX), as CRIU saved it. */
export interface FileEntry {
  kind: FileKind;
  /** CRIU's number of it; unique among files of its kind. */
  id: number;
  place: Place;
  /** The message of its kind stands in the field of its kind; the others are absent. */
  entry: Pick<Messages["file_entry"], FileField>;
}

/**
 * All open files of a dump. Numbers are looked up together with the kind: in images of CRIU 3.x a
 * FIFO or terminal and the regular file that it was opened by have the same number.
 */
export class FileTable {
  /** What became of files whose name was gone, by the number of the regular file. */
  readonly remaps = new Map<number, PlacedRemap>();
  readonly #files = new Map<FileKind, Map<number, FileEntry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(kind: FileKind, id: number): FileEntry | undefined {
    return this.#files.get(kind)?.get(id);
  }

  /** The kinds of which there is a file of that number. */
  kindsOf(id: number): FileKind[] {
    return [...this.#files].filter(([, files]) => files.has(id)).map(([kind]) => kind);
  }

  /** A regular file, folder or device: executables, working folders and mappings are such. */
  regular(id: number): Messages["reg_file_entry"] | undefined {
    return this.find("regular", id)?.entry.reg;
  }

  /** What a mapping or an executable may be: a regular file, or a memfd. */
  mapped(id: number): FileEntry | undefined {
    return this.find("regular", id) ?? this.find("memfd", id);
  }

  /** In the order of the images. */
  *values(): IterableIterator<FileEntry> {
    for (const files of this.#files.values()) yield* files.values();
  }

  /** All of one kind. */
  *ofKind(kind: FileKind): IterableIterator<FileEntry> {
    yield* this.#files.get(kind)?.values() ?? [];
  }

  /** Takes a file up; false where the number is taken already: the first counts. */
  add(file: FileEntry): boolean {
    const files = this.#files.get(file.kind) ?? new Map<number, FileEntry>();
    this.#files.set(file.kind, files);
    if (files.has(file.id)) return false;
    files.set(file.id, file);
    this.#size += 1;
    return true;
  }
}

/**
 * Reads all open files: files.img of CRIU 3.4 and later, and the images of single types that
 * older ones wrote. Broken entries become problems, and the others are read.
 */
export async function readFileTable(context: ReadContext): Promise<FileTable> {
  const table = new FileTable();
  const take = (file: FileEntry): void => {
    if (table.add(file)) return;
    problem(context, file.place, `there are two ${file.kind} files ${file.id}; the first counts`);
  };
  await forEachEntry(context, "files.img", "file_entry", (placed) => {
    const file = joined(context, placed);
    if (file !== undefined) take(file);
  });
  for (const { kind, field, message, image } of fileTypes) {
    await forEachEntry(context, image, message, ({ entry, place }) => {
      const { id } = entry as { id: number };
      take({ kind, id, place, entry: { [field]: entry } });
    });
  }
  await addSplitTargets(context, table);
  await addRemaps(context, table);
  return table;
}

/** The numbers of files that stand for ones whose name was gone. */
async function addRemaps(context: ReadContext, { remaps }: FileTable): Promise<void> {
  await forEachEntry(context, "remap-fpath.img", "remap_file_path_entry", ({ entry, place }) => {
    const { orig_id: id } = entry;
    if (!remaps.has(id)) remaps.set(id, { remap: readRemap(entry), place });
    else problem(context, place, `file ${id} was deleted twice; the first counts`);
  });
}

function joined(context: ReadContext, placed: Placed<"file_entry">): FileEntry | undefined {
  const { entry, place } = placed;
  const known = byNumber.get(entry.type);
  if (known === undefined) {
    problem(context, place, `file ${entry.id} is of type ${entry.type}, which we do not know`);
    return undefined;
  }
  if (entry[known.field] === undefined) {
    problem(context, place, `file ${entry.id} is a ${known.kind} and says nothing of itself`);
    return undefined;
  }
  // One field is kept: what a tampered entry holds beside it means nothing.
  return { kind: known.kind, id: entry.id, place, entry: { [known.field]: entry[known.field] } };
}

/** Before CRIU 3.4 what an epoll, inotify or fanotify file watches stood in an image of its own. */
async function addSplitTargets(context: ReadContext, table: FileTable): Promise<void> {
  const owner = (kind: FileKind, id: number, place: Place): FileEntry["entry"] | undefined => {
    const file = table.find(kind, id);
    if (file === undefined) problem(context, place, `there is no ${kind} file ${id}`);
    return file?.entry;
  };
  await forEachEntry(context, "eventpoll-tfd.img", "eventpoll_tfd_entry", ({ entry, place }) => {
    owner("epoll", entry.id, place)?.epfd?.tfd.push(entry as Decoded<"eventpoll_tfd_entry">);
  });
  await forEachEntry(context, "inotify-wd.img", "inotify_wd_entry", ({ entry, place }) => {
    owner("inotify", entry.id, place)?.ify?.wd.push(entry);
  });
  await forEachEntry(context, "fanotify-mark.img", "fanotify_mark_entry", ({ entry, place }) => {
    owner("fanotify", entry.id, place)?.ffy?.mark.push(entry);
  });
}

function problem({ problems }: ReadContext, where: Place, message: string): void {
  problems.add({ severity: "error", code: "file-table", message, where });
}
