import { ArchiveError } from "../base/errors.ts";
import { Once } from "../base/once.ts";
import type { ReadContext } from "./entries.ts";
import type { ImageFolder } from "./image-folder.ts";
import type { PageStore } from "./memory/page-store.ts";
import { type PageMap, readPageMap } from "./page-map.ts";

/**
 * The page tables of a dump, with those of the dumps before it behind them. A pre-dump has page
 * tables and nothing else, so they are found by their names, each when it is asked for.
 */
export class PageTables {
  readonly #context: ReadContext;
  readonly #parent: PageTables | undefined;
  readonly #once = new Once();

  /** @param parent the tables of the dump before this one */
  constructor(context: ReadContext, parent?: PageTables) {
    this.#context = context;
    this.#parent = parent;
  }

  ofProcess(pid: number, pageSize: number): Promise<PageStore | undefined> {
    return this.#read(`pagemap-${pid}.img`, pageSize);
  }

  ofShared(shmid: number, pageSize: number): Promise<PageStore | undefined> {
    return this.#read(`pagemap-shmem-${shmid}.img`, pageSize);
  }

  /** Joins a table of this dump with its image, and with the same table of the dump before. */
  async join(name: string, map: PageMap, pageSize: number): Promise<PageStore> {
    const { folder } = this.#context;
    const store: PageStore = pageStore(folder, map);
    if (map.parentPages > 0 && this.#parent !== undefined) {
      store.parent = await this.#parent.#read(name, pageSize);
    }
    return store;
  }

  /** Undefined where there is no such table; one that is broken becomes a problem. */
  #read(name: string, pageSize: number): Promise<PageStore | undefined> {
    return this.#once.ask(name, async () => {
      const { folder, problems } = this.#context;
      const source = folder.open(name);
      if (source === undefined) return undefined;
      try {
        return await this.join(name, await readPageMap(source, pageSize), pageSize);
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        problems.addFault("broken-image", error, { member: folder.label(name) });
        return undefined;
      }
    });
  }
}

function pageStore(folder: ImageFolder, map: PageMap): PageStore {
  const image = `pages-${map.pagesId}.img`;
  return { map, pages: folder.open(image), image, member: folder.label(image) };
}
