import type { Archive } from "../archive/archive.ts";
import { defaultExpansion, type ExpansionLimit } from "../archive/expansion.ts";
import { canonicalName, type TarMember } from "../archive/member.ts";
import {
  type OpenOptions,
  openArchive,
  openDescriptor,
  openPipe,
  openSource,
} from "../archive/open-archive.ts";
import { type PermissionPolicy, quote } from "../archive/permission-gate.ts";
import { retainSmall } from "../archive/retained.ts";
import { ArchiveError } from "../base/errors.ts";
import { Once } from "../base/once.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import { formatTime } from "../base/time.ts";
import type { ReadContext } from "../criu/entries.ts";
import { type FileModel, readFileModel } from "../criu/files/file-model.ts";
import { type FileTable, readFileTable } from "../criu/files/file-table.ts";
import type { ImageFolder } from "../criu/image-folder.ts";
import { type Inventory, readInventory } from "../criu/inventory.ts";
import { type DumpMemory, readDumpMemory } from "../criu/memory/read-memory.ts";
import { type PageImage, readPageImages } from "../criu/page-images.ts";
import { ProcessReader } from "../criu/process/process-reader.ts";
import { type CriuProcess, defaultPageSize, readProcesses } from "../criu/processes.ts";
import { type DumpStatistics, readDumpStatistics } from "../criu/statistics.ts";
import { type Detection, detect, identity } from "../runtime/detect.ts";
import { Documents } from "../runtime/documents.ts";
import type { Identity } from "../runtime/engine.ts";
import { type FileName, fittingReadings, parseFileName } from "../runtime/file-name.ts";
import { ArchiveImageFolder, findImageFolder } from "./image-folder.ts";
import { checkpointRetainPolicy } from "./retain.ts";

/** Options of `openCheckpoint`. */
export interface CheckpointOptions extends Omit<OpenOptions, "retain"> {
  /**
   * Who may own the archive: `root` (the default), `owner` (the caller), `any`.
   * Asked on the open descriptor before a byte is read.
   */
  permissions?: PermissionPolicy;
  /**
   * The checkpoint before this one (a pre-dump), for pages that were left there. It stays its
   * opener's, and is not closed with this one.
   */
  parent?: Checkpoint;
}

/** Whose checkpoint it is, with what the file name says beside what metadata says. */
export interface NamedIdentity extends Identity {
  /** All readings of the kubelet's file name; undefined for another name. */
  fileName?: FileName;
}

/**
 * Opens a checkpoint archive: a file, plain or compressed with gzip or zstd, a folder of CRIU
 * images or of an unpacked archive, or `-` with `input` for a pipe.
 *
 * Reads the table of contents and nothing more; each question is answered from the archive when
 * it is first asked. Nothing is written anywhere. Close it after use.
 *
 * @param path of the archive
 * @throws RefusedError when the permission gate refuses (exit code 4 of the command)
 * @throws ArchiveError when it cannot be read at all (exit code 3)
 */
export async function openCheckpoint(
  path: string,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openArchive(path, { ...options, retain: checkpointRetainPolicy() });
  if (archive.directory) await requireDump(archive);
  return new Checkpoint(archive, options);
}

/** Any folder can be opened; one without a dump is most likely a folder of archives. */
async function requireDump(archive: Archive): Promise<void> {
  const metadata = ["config.dump", "spec.dump"].some((name) => archive.find(name) !== undefined);
  if (metadata || findImageFolder(archive) !== undefined) return;
  await archive.close();
  throw new ArchiveError({
    what: `${archive.path} is a folder without CRIU images`,
    where: { path: archive.path },
    allowed: "an archive, a folder of CRIU images, or an unpacked archive",
    next: `list the archives in it: cryoscope list ${quote(archive.path)}`,
  });
}

/** Opens a checkpoint that comes by a pipe. Large members can be read once, in order, or never. */
export async function openCheckpointPipe(
  input: AsyncIterable<Uint8Array>,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openPipe(input, { ...options, retain: checkpointRetainPolicy() });
  return new Checkpoint(archive, options);
}

/** Opens a checkpoint from a descriptor: standard input that was redirected from a file. */
export async function openCheckpointDescriptor(
  fd: number,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openDescriptor(fd, { ...options, retain: checkpointRetainPolicy() });
  return new Checkpoint(archive, options);
}

const noImages: ImageFolder = { names: () => [], open: () => undefined, label: String };

/** One checkpoint, read-only and lazy. What is wrong with it is in `problems`, never thrown away. */
export class Checkpoint {
  readonly archive: Archive;
  readonly documents: Documents;
  /** CRIU's images; undefined where the archive holds no dump. */
  readonly images: ImageFolder | undefined;
  /** The checkpoint before this one, where it was given. */
  readonly parent: Checkpoint | undefined;
  readonly #expansion: ExpansionLimit;
  readonly #problems = new ProblemLog();
  readonly #once = new Once();
  #reader: ProcessReader | undefined;

  /** `expansion` says when an archive inside the archive is taken for a bomb too. */
  constructor(
    archive: Archive,
    { expansion, parent }: Pick<CheckpointOptions, "expansion" | "parent"> = {},
  ) {
    this.archive = archive;
    this.parent = parent;
    this.#expansion = expansion ?? defaultExpansion;
    for (const problem of archive.problems) this.#problems.add(problem);
    const folder = findImageFolder(archive);
    this.images = folder === undefined ? undefined : new ArchiveImageFolder(archive, folder);
    this.documents = new Documents(metadataFiles(archive), this.#problems);
    if (this.images === undefined) {
      this.#problems.add({
        severity: "error",
        code: "no-images",
        message: "the archive holds no CRIU images (neither pstree.img nor inventory.img)",
      });
    }
  }

  /** Every problem met so far. Later answers may add to it. */
  get problems(): Problem[] {
    return this.#problems.list();
  }

  /** Who made the archive, and why we think so. */
  runtime(): Promise<Detection> {
    return this.#once.ask("runtime", () => {
      const bare =
        this.images !== undefined &&
        this.archive.find("config.dump") === undefined &&
        this.archive.find("spec.dump") === undefined;
      return detect(this.documents, bare, this.#problems);
    });
  }

  /** Whose checkpoint it is: metadata first, the file name where metadata is silent. */
  identity(): Promise<NamedIdentity> {
    return this.#once.ask("identity", () => this.#identity());
  }

  /** CRIU's inventory; undefined where it is missing or broken. */
  inventory(): Promise<Inventory | undefined> {
    return this.#once.ask("inventory", () =>
      this.#attempt("inventory.img", async () =>
        this.images === undefined ? undefined : readInventory(this.images),
      ),
    );
  }

  /** All processes in depth-first order, zombies included. */
  processes(): Promise<CriuProcess[]> {
    return this.#once.ask("processes", async () =>
      this.images === undefined
        ? []
        : readProcesses(this.images, this.#problems, await this.parent?.processes()),
    );
  }

  /** Reads processes in full, each when it is asked for; undefined where there is no dump. */
  processReader(): ProcessReader | undefined {
    if (this.images === undefined) return undefined;
    const context = { folder: this.images, problems: this.#problems };
    this.#reader ??= new ProcessReader(context, () => this.#fileTable(context));
    return this.#reader;
  }

  /** Descriptors, open files, sockets, mounts and locks, joined. */
  files(): Promise<FileModel> {
    return this.#once.ask("files", async () => {
      const living = (await this.processes()).filter(({ state }) => state !== "zombie");
      const context = { folder: this.images ?? noImages, problems: this.#problems };
      return readFileModel(
        context,
        living.map(({ pid }) => pid),
        await this.#fileTable(context),
      );
    });
  }

  /** Open files by number, which processes, mappings and the file model all ask. */
  #fileTable(context: ReadContext): Promise<FileTable> {
    return this.#once.ask("fileTable", () => readFileTable(context));
  }

  /** Page size in bytes, as the first process with memory was told it by its kernel. */
  async pageSize(): Promise<number> {
    const processes = await this.processes();
    return processes.find(({ layout }) => layout?.pageSize)?.layout?.pageSize ?? defaultPageSize;
  }

  /** Page images with what they hold, by their number. */
  pageImages(): Promise<PageImage[]> {
    return this.#once.ask("pageImages", async () => {
      if (this.images === undefined) return [];
      const processes = await this.processes();
      return readPageImages(this.images, processes, await this.pageSize(), this.#problems);
    });
  }

  /**
   * The memory of all processes, by address. Nothing is read before it is asked for.
   * @param parent another checkpoint to take pages from than the parent of this one.
   */
  memory(parent: Checkpoint | undefined = this.parent): Promise<DumpMemory> {
    return this.#once.ask(`memory ${parent?.archive.path ?? ""}`, async () => {
      const none = { processes: new Map(), shared: new Map() };
      if (this.images === undefined) return none;
      const context = { folder: this.images, problems: this.#problems };
      const [processes, before] = [await this.processes(), await parent?.memory()];
      return readDumpMemory(context, processes, await this.#fileTable(context), before);
    });
  }

  /** What CRIU measured while dumping; undefined where the archive does not say. */
  statistics(): Promise<DumpStatistics | undefined> {
    return this.#once.ask("statistics", () =>
      this.#attempt("stats-dump", async () => {
        const top = this.archive.find("stats-dump");
        const source =
          top?.type === "file" ? this.archive.open(top) : this.images?.open("stats-dump");
        return source === undefined ? undefined : readDumpStatistics(source);
      }),
    );
  }

  /**
   * Opens an archive inside the archive (rootfs-diff.tar, a volume, /dev/shm, a tmpfs) and lists
   * it without unpacking. Compression is told from the bytes: containerd's rootfs-diff.tar is gzip.
   */
  async nested(member: TarMember): Promise<Archive> {
    const source = this.archive.open(member);
    try {
      return await openSource(source, {
        path: `${this.archive.path}!${canonicalName(member.name)}`,
        retain: retainSmall,
        expansion: this.#expansion,
        sequential: this.archive.compression !== "none",
      });
    } catch (error) {
      throw error instanceof ArchiveError ? error.at({ member: member.name }) : error;
    }
  }

  close(): Promise<void> {
    return this.archive.close();
  }

  async #identity(): Promise<NamedIdentity> {
    const { engine } = await this.runtime();
    const dumped = this.#dumpTime();
    const known: Identity = {
      ...(dumped === undefined ? {} : { checkpointedAt: dumped }),
      ...(await identity(engine, this.documents)),
    };
    const fileName = parseFileName(this.archive.path);
    if (fileName === undefined) return known;
    const merged = { pod: known.pod, namespace: known.namespace, container: known.name };
    const [reading, ...others] = fittingReadings(fileName, withoutUndefined(merged));
    if (reading === undefined) {
      this.#fileNameDisagrees(fileName, merged);
      return { ...known, fileName };
    }
    // Metadata may be silent; a name that can be read in one way only then speaks for it.
    const sure = others.length === 0;
    const named = sure
      ? { pod: reading.pod, namespace: reading.namespace, name: reading.container }
      : { pod: reading.pod };
    return { ...named, checkpointedAt: fileName.time, ...known, fileName };
  }

  /** Podman notes no time of the dump, so the time at which CRIU wrote the inventory stands for it. */
  #dumpTime(): string | undefined {
    const member = this.images && this.archive.find(this.images.label("inventory.img"));
    const farthest = 8.64e15;
    if (member === undefined || member.mtime <= 0 || member.mtime > farthest) return undefined;
    return formatTime(Math.floor(member.mtime));
  }

  #fileNameDisagrees(
    { readings }: FileName,
    known: {
      pod: string | undefined;
      namespace: string | undefined;
      container: string | undefined;
    },
  ): void {
    const says = readings
      .map(({ pod, namespace, container }) => `${namespace}/${pod}/${container}`)
      .join(" or ");
    const is = `${known.namespace ?? "?"}/${known.pod ?? "?"}/${known.container ?? "?"}`;
    this.#problems.add({
      severity: "warning",
      code: "file-name-disagrees",
      message: `the file name says ${says}, the metadata ${is}; the metadata is believed`,
      where: { path: this.archive.path },
    });
  }

  async #attempt<T>(name: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      const member = this.images?.label(name) ?? name;
      this.#problems.addFault("broken-image", error, { member });
      return undefined;
    }
  }

  /** Adds problems; what was told already is not told again. */
  tell(problems: ProblemLog): void {
    for (const problem of problems.list()) this.#problems.add(problem);
  }
}

function withoutUndefined<T extends object>(
  value: T,
): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}

function metadataFiles(archive: Archive): Documents["files"] {
  const regular = (name: string): TarMember | undefined => {
    const member = archive.find(name);
    return member?.type === "file" ? member : undefined;
  };
  return {
    has: (name) => archive.find(name) !== undefined,
    size: (name) => regular(name)?.size,
    read: (name) => {
      const member = regular(name);
      if (member === undefined) throw new ArchiveError({ what: `there is no ${name}` });
      return archive.read(member, 0, member.size);
    },
  };
}
