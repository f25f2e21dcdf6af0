import type { ByteSource } from "../../base/byte-source.ts";
import type { PageMap } from "../page-map.ts";

/** Pages of one page table with the image that holds them. */
export interface PageStore {
  map: PageMap;
  /** Undefined where the image is missing. */
  pages: ByteSource | undefined;
  /** Name of the page image, without folder. */
  image: string;
  /** Member of its archive. */
  member: string;
  /** The same table in the dump before this one, for pages that were left there. */
  parent?: PageStore | undefined;
}
