import type { Archive } from "../archive/archive.ts";
import { defaultExpansion, type ExpansionLimit } from "../archive/expansion.ts";
import { canonicalName, type TarMember } from "../archive/member.ts";
import { openSource } from "../archive/open-archive.ts";
import { retainSmall } from "../archive/retained.ts";
import { ArchiveError } from "../base/errors.ts";
import { Once } from "../base/once.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import type { ReadContext } from "../criu/entries.ts";
import type { FileModel } from "../criu/files/file-model.ts";
import type { FileTable } from "../criu/files/file-table.ts";
import type { ImageFolder } from "../criu/image-folder.ts";
import { type Inventory, readInventory } from "../criu/inventory.ts";
import type { PageStore } from "../criu/memory/page-store.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { type PageImage, readPageImages } from "../criu/page-images.ts";
import { PageTables } from "../criu/page-tables.ts";
import type { ProcessReader } from "../criu/process/process-reader.ts";
import { type CriuProcess, defaultPageSize, readProcesses } from "../criu/processes.ts";
import { type DumpStatistics, readDumpStatistics } from "../criu/statistics.ts";
import { type Detection, detect, identity } from "../runtime/detect.ts";
import { Documents } from "../runtime/documents.ts";
import { dumpTime, type NamedIdentity, nameIdentity } from "./identity.ts";
import { ArchiveImageFolder, findImageFolder } from "./image-folder.ts";
import { metadataFiles } from "./metadata-files.ts";

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
  readonly #tables: PageTables;

  /** `expansion` says when an archive inside the archive is taken for a bomb too. */
  constructor(
    archive: Archive,
    { expansion, parent }: { expansion?: ExpansionLimit; parent?: Checkpoint } = {},
  ) {
    this.archive = archive;
    this.parent = parent;
    this.#expansion = expansion ?? defaultExpansion;
    for (const problem of archive.problems) this.#problems.add(problem);
    const folder = findImageFolder(archive);
    this.images = folder === undefined ? undefined : new ArchiveImageFolder(archive, folder);
    this.#tables = this.#pageTables();
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
    return this.#once.ask("identity", async () => {
      const { engine } = await this.runtime();
      const inventory = this.images && this.archive.find(this.images.label("inventory.img"));
      const known = { ...dumpTime(inventory), ...(await identity(engine, this.documents)) };
      return nameIdentity(known, this.archive, this.#problems);
    });
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
      this.images === undefined ? [] : readProcesses(this.images, this.#problems, this.#tables),
    );
  }

  // What most commands never ask is loaded when it is asked: it is a third of all our code.

  /** Reads processes in full, each when it is asked for; undefined where there is no dump. */
  processReader(): Promise<ProcessReader | undefined> {
    return this.#once.ask("processReader", async () => {
      if (this.images === undefined) return undefined;
      const { ProcessReader } = await import("../criu/process/process-reader.ts");
      const context = { folder: this.images, problems: this.#problems };
      return new ProcessReader(context, () => this.#fileTable(context));
    });
  }

  /** Descriptors, open files, sockets, mounts and locks, joined. */
  files(): Promise<FileModel> {
    return this.#once.ask("files", async () => {
      const { readFileModel } = await import("../criu/files/file-model.ts");
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
    return this.#once.ask("fileTable", async () => {
      const { readFileTable } = await import("../criu/files/file-table.ts");
      return readFileTable(context);
    });
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

  /** The memory of all processes, by address. Nothing is read before it is asked for. */
  memory(): Promise<DumpMemory> {
    return this.#once.ask("memory", async () => {
      const none = { processes: new Map(), shared: new Map() };
      if (this.images === undefined) return none;
      const context = { folder: this.images, problems: this.#problems };
      const { readDumpMemory } = await import("../criu/memory/read-memory.ts");
      const table = await this.#fileTable(context);
      return readDumpMemory(context, await this.processes(), table, this.#tables);
    });
  }

  /** The same archive as one that was dumped after `parent`. It is closed with the first of both. */
  after(parent: Checkpoint): Checkpoint {
    return new Checkpoint(this.archive, { expansion: this.#expansion, parent });
  }

  /**
   * The pages of one process by its page table alone, which is all that a pre-dump says of it;
   * undefined where there is none.
   */
  async pagesOf(pid: number): Promise<PageStore | undefined> {
    return this.#tables.ofProcess(pid, await this.pageSize());
  }

  /** Page tables of this dump, and of those before it, with a place for what is wrong with them. */
  #pageTables(problems: ProblemLog = this.#problems): PageTables {
    const { parent } = this;
    const before = parent === undefined ? undefined : parent.#pageTables(problems);
    return new PageTables({ folder: this.images ?? noImages, problems }, before);
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
        atOnce: true,
      });
    } catch (error) {
      throw error instanceof ArchiveError ? error.at({ member: member.name }) : error;
    }
  }

  close(): Promise<void> {
    return this.archive.close();
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
