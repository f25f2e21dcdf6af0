import { formatCount } from "../../../base/units.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const statistics: Rule = {
  id: "integrity/statistics",
  title: "Dump holds another number of pages than CRIU counted",
  severity: "medium",
  looksAt: "stats-dump and the sizes of all page images",
  why: "CRIU counts the pages that it writes. Another number means that pages were taken out, put in or cut off after the dump.",
  remedy: "Compare the SHA-256 with that on the node; make the checkpoint again.",
  evaluate,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const counted = await checkpoint.statistics();
  const images = await checkpoint.pageImages();
  if (counted === undefined || checkpoint.images === undefined) return;
  // What no table names cannot be told to be one or the other, and is told by itself.
  if (images.some(({ kind }) => kind === "unclaimed")) return;
  const pages = (kind: string): number =>
    images.reduce((sum, image) => sum + (image.kind === kind ? image.pages : 0), 0);
  yield* differing("private", counted.pagesWritten, pages("private"));
  if (counted.sharedPagesWritten !== undefined) {
    yield* differing("shared", counted.sharedPagesWritten, pages("shared"));
  }
}

function* differing(kind: string, counted: number, found: number): Generator<Sighting> {
  if (counted === found) return;
  yield {
    message: `CRIU counted ${formatCount(counted)} pages of ${kind} memory, the page images hold ${formatCount(found)}`,
    key: kind,
    places: [{ member: "stats-dump" }],
    facts: { counted, found },
  };
}
