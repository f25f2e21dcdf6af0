import { hex } from "../../base/u64.ts";
import type { PageStore } from "../../criu/memory/page-store.ts";
import { differing } from "./change.ts";
import {
  kindName,
  type MappingChange,
  type MappingFacts,
  type MappingPair,
  mappingFacts,
} from "./mappings.ts";
import { type PageCounts, pagesDiffer } from "./page-counts.ts";

/** How a pair of mappings differs; undefined where it does not. */
export function mappingChange(
  pid: number,
  { before, after }: MappingPair,
  pages: PageCounts | null,
  anew: boolean,
): MappingChange | undefined {
  const [old, now] = [before, after].map((mapping) =>
    mapping === undefined ? null : mappingFacts(mapping),
  ) as [MappingFacts | null, MappingFacts | null];
  const change = changeOf(old, now, pages, anew);
  return change && { pid, start: (now ?? old)?.start ?? "0x0", pages, ...change };
}

export function changeOf(
  before: MappingFacts | null,
  after: MappingFacts | null,
  pages: PageCounts | null,
  anew: boolean,
): Omit<MappingChange, "pid" | "start" | "pages"> | undefined {
  if (before === null) return { change: "came", before, after, fields: [] };
  if (after === null) return { change: "went", before, after, fields: [] };
  const fields: string[] = differing(before, after, {
    alike: (field, a, b) => {
      // In another run everything lies elsewhere, and is said once of the process.
      if (field === "start" || field === "end") return anew || a.sizeBytes !== b.sizeBytes;
      return field === "name" && kindName(a.name) === kindName(b.name);
    },
  });
  if (pages !== null && pagesDiffer(pages)) fields.push("pages");
  return fields.length === 0 ? undefined : { change: "changed", before, after, fields };
}

/** Shared memory that no process maps, told like a mapping. */
export function unmappedFacts(id: number, { map }: PageStore, pageSize: number): MappingFacts {
  const last = map.run(map.length - 1);
  const end = map.length === 0 ? 0n : last.start + BigInt(last.pages) * BigInt(pageSize);
  return {
    start: "0x0",
    end: hex(end),
    sizeBytes: Number(end),
    permissions: "",
    backing: "unmapped",
    name: `[shared ${id}]`,
    offset: "0x0",
  };
}
