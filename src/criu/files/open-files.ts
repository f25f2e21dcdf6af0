import type { Place } from "../../base/errors.ts";
import type { ReadContext } from "../entries.ts";
import type { Deleted } from "./deleted.ts";
import type { DescriptorTable } from "./descriptors.ts";
import { ownDetails } from "./details.ts";
import { fileFacts } from "./file-facts.ts";
import { nameOf } from "./file-name.ts";
import type { FileEntry, FileKind, FileTable } from "./file-table.ts";
import type { Memfd } from "./memfds.ts";
import type { MountTable } from "./mounts.ts";
import type { FileDetails, OpenFile } from "./open-file.ts";
import { joinPipes, readsPipe } from "./pipes.ts";
import type { PlacedQueue, Queue, Queues } from "./queues.ts";
import type { Socket } from "./socket.ts";
import type { Terminal } from "./terminals.ts";
import type { FileUse } from "./uses.ts";

/** What the images say of files, one by one. */
export interface Parts {
  table: FileTable;
  mounts: MountTable;
  queues: Queues;
  sockets: Socket[];
  deleted: Map<number, Deleted>;
  memfds: Map<number, Memfd>;
  terminals: Map<number, Terminal>;
}

const packets = "sk-queues.img";
const key = (kind: FileKind, id: number): string => `${kind} ${id}`;

/** All open files of a dump: joins what the images say of each. */
export class OpenFiles {
  readonly files: OpenFile[] = [];
  readonly sockets: Socket[];
  readonly #context: ReadContext;
  readonly #parts: Parts;
  readonly #byKey = new Map<string, OpenFile>();
  readonly #sockets: Map<string, Socket>;
  /** Queues that no file has claimed yet. */
  readonly #unclaimed = new Set<PlacedQueue>();

  constructor(context: ReadContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
    this.sockets = parts.sockets;
    this.#sockets = new Map(
      parts.sockets.map((socket) => [key(socket.kind, socket.fileId), socket]),
    );
    const { pipes, fifos, ttys, bpfMaps } = parts.queues;
    for (const queues of [pipes, fifos, ttys]) {
      for (const queue of queues.values()) this.#unclaimed.add(queue);
    }
    for (const pair of bpfMaps.values()) for (const queue of pair) this.#unclaimed.add(queue);
    const ends = joinPipes(parts.table);
    for (const file of parts.table.values()) this.#add(file, ends);
    for (const { place } of this.#unclaimed) {
      this.#problem("queue", "bytes wait for a file that is not among the open files", place);
    }
  }

  find(kind: FileKind, id: number): OpenFile | undefined {
    return this.#byKey.get(key(kind, id));
  }

  /** Notes which descriptors name each file. */
  hold(tables: readonly DescriptorTable[]): void {
    for (const { id: tableId, pids, descriptors } of tables) {
      const pid = pids[0] as number;
      for (const { fd, kind, fileId, place } of descriptors) {
        const file = this.find(kind, fileId);
        if (file !== undefined) file.holders.push({ tableId, pid, fd });
        else {
          const what = `descriptor ${fd} of process ${pid} names ${kind} file ${fileId}`;
          this.#problem("descriptor", `${what}, which is not among the open files`, place);
        }
      }
    }
    this.#joinEpolls(tables);
  }

  use(uses: readonly FileUse[]): void {
    for (const { pid, as, fileId, image } of uses) {
      const entry =
        this.#parts.table.mapped(fileId) ?? this.#parts.table.find("packet-socket", fileId);
      const file = entry === undefined ? undefined : this.find(entry.kind, entry.id);
      if (file !== undefined) file.uses.push({ pid, as });
      else {
        const message = `${as} of process ${pid} is file ${fileId}, which is not among the open files`;
        this.#problem("file-use", message, { member: this.#context.folder.label(image) });
      }
    }
  }

  /** Notes which files were sent over a socket and not yet received (SCM_RIGHTS). */
  sent(): void {
    const byId = new Map(this.files.map((file) => [file.id, file]));
    for (const { kind, fileId, queues } of this.sockets) {
      const pid = this.find(kind, fileId)?.holders[0]?.pid;
      const rights = new Set(queues.flatMap(({ chunks }) => chunks.flatMap((it) => it.rights)));
      for (const id of rights) {
        const file = byId.get(id);
        if (file !== undefined) file.uses.push({ pid: pid ?? 0, as: "in-flight" });
        else {
          const message = `file ${id} was sent over socket ${fileId} and is not among the open files`;
          this.#problem("file-use", message, { member: this.#context.folder.label(packets) });
        }
      }
    }
  }

  /** Marks what the runtime noted as coming from outside. */
  external(descriptors: readonly string[]): void {
    const names = new Set(descriptors.filter((name) => /^(pipe|socket):\[/.test(name)));
    for (const file of this.files) {
      const { pipe, socket } = file.details;
      const name =
        pipe !== undefined
          ? `pipe:[${pipe.pipeId}]`
          : socket?.inode === undefined
            ? undefined
            : `socket:[${socket.inode}]`;
      if (name === undefined || !names.has(name)) continue;
      file.external = true;
      if (socket !== undefined) socket.external = true;
    }
  }

  #add(entry: FileEntry, ends: ReturnType<typeof joinPipes>): void {
    const { table, mounts, deleted } = this.#parts;
    const facts = fileFacts(this.#context, entry, table, mounts);
    const details = this.#details(entry, ends);
    const regularId = entry.entry.fifo?.regf_id ?? entry.entry.tty?.regf_id ?? entry.id;
    const named = entry.kind === "regular" || entry.kind === "fifo" || entry.kind === "tty";
    const file: Omit<OpenFile, "name"> = {
      kind: entry.kind,
      id: entry.id,
      ...facts,
      path: facts.path ?? socketPath(details.socket),
      sizeBytes: details.memfd?.sizeBytes ?? facts.sizeBytes,
      mode: details.memfd?.mode ?? details.socket?.mode ?? facts.mode,
      deleted: named ? deleted.get(regularId) : undefined,
      external: entry.kind === "external" || details.socket?.external === true,
      holders: [],
      uses: [],
      queues: this.#queues(entry, details),
      details,
      place: entry.place,
    };
    const whole: OpenFile = { ...file, name: nameOf(file) };
    this.files.push(whole);
    this.#byKey.set(key(whole.kind, whole.id), whole);
  }

  #details(file: FileEntry, ends: ReturnType<typeof joinPipes>): FileDetails {
    const { entry, place } = file;
    const details = ownDetails(file);
    const socket = this.#sockets.get(key(file.kind, file.id));
    if (socket !== undefined) details.socket = socket;
    const pipe = ends.get(file);
    if (pipe !== undefined) details.pipe = pipe;
    if (entry.memfd !== undefined) {
      const memfd = this.#parts.memfds.get(entry.memfd.inode_id);
      if (memfd !== undefined) details.memfd = memfd;
      else this.#problem("memfd", `memfd ${entry.memfd.inode_id} is not in memfd.img`, place);
    }
    if (entry.tty !== undefined) {
      const terminal = this.#parts.terminals.get(entry.tty.tty_info_id);
      if (terminal !== undefined) details.terminal = terminal;
      else
        this.#problem(
          "terminal",
          `terminal ${entry.tty.tty_info_id} is not in tty-info.img`,
          place,
        );
    }
    return details;
  }

  #queues(file: FileEntry, details: FileDetails): Queue[] {
    if (details.socket !== undefined) return details.socket.queues;
    // Bytes of a pipe are shown where they will be read, or at its other end where nobody does.
    if (details.pipe !== undefined && !readsPipe(file, details.pipe)) return [];
    const { pipes, fifos, ttys, bpfMaps } = this.#parts.queues;
    const { pipe, fifo, tty, bpf } = file.entry;
    const found: (PlacedQueue | undefined)[] = [];
    if (pipe !== undefined) found.push(pipes.get(pipe.pipe_id));
    if (fifo !== undefined) found.push(fifos.get(fifo.pipe_id));
    if (tty !== undefined) found.push(ttys.get(tty.tty_info_id));
    if (bpf !== undefined) found.push(...(bpfMaps.get(bpf.map_id) ?? []));
    // A terminal may be open a million times, and its bytes are told once.
    const placed = found.filter((queue) => queue !== undefined && this.#unclaimed.delete(queue));
    return placed.flatMap((queue) => queue?.queue ?? []);
  }

  /** What epoll watches are descriptors, which mean something in a table alone. */
  #joinEpolls(tables: readonly DescriptorTable[]): void {
    const byTable = new Map(tables.map((table) => [table.id, table]));
    const descriptors = new Map<number, Map<number, { kind: FileKind; fileId: number }>>();
    for (const { details, holders } of this.files) {
      const table = byTable.get(holders[0]?.tableId ?? -1);
      if (details.epoll === undefined || table === undefined) continue;
      const known =
        descriptors.get(table.id) ?? new Map(table.descriptors.map((entry) => [entry.fd, entry]));
      descriptors.set(table.id, known);
      for (const target of details.epoll.targets) {
        const entry = known.get(target.fd);
        target.kind = entry?.kind;
        target.fileId = entry?.fileId;
      }
    }
  }

  #problem(code: string, message: string, where: Place): void {
    this.#context.problems.add({ severity: "error", code, message, where });
  }
}

/** The path of a unix socket that has one: abstract names begin with `@`, unnamed have none. */
function socketPath(socket: Socket | undefined): string | undefined {
  return socket?.kind === "unix-socket" && socket.local?.startsWith("/") === true
    ? socket.local
    : undefined;
}
