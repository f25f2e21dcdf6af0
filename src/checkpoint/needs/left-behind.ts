import { type PageMap, pageInParent, pageLazy, pagePresent } from "../../criu/page-map.ts";

/** Pages left for lazy restore. Lazy pages may be dumped all the same; what has no flag is nowhere. */
export function leftBehind(map: PageMap): number {
  let pages = 0;
  for (let at = 0; at < map.length; at++) {
    const run = map.run(at);
    if ((run.flags & (pagePresent | pageInParent)) === 0 && (run.flags & pageLazy) !== 0) {
      pages += run.pages;
    }
  }
  return pages;
}
