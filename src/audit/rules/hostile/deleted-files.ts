import { canonicalName } from "../../../archive/member.ts";
import { pointer } from "../../facts/annotations.ts";
import { pathFault } from "../../facts/paths.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const deletedFiles: Rule = {
  id: "hostile/deleted-files",
  title: "deleted.files reaches out of the container",
  severity: "critical",
  looksAt: "deleted.files of CRI-O and Podman",
  why: "The runtime removes every path in the list below the container's root folder, as root and with all that is in it. A path that climbs with `..` removes files of the node.",
  remedy: "Do not restore it. Find out who made the archive; make the checkpoint again.",
  evaluate,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const listed = await checkpoint.documents.json("deleted.files");
  if (!Array.isArray(listed)) return;
  for (const [index, path] of listed.entries()) {
    const fault = faultOf(path);
    if (fault === undefined) continue;
    const shown = typeof path === "string" ? path : JSON.stringify(path).slice(0, 100);
    yield {
      message: `deleted.files names ${shown}, which ${fault.what}`,
      key: shown,
      places: [{ member: "deleted.files", pointer: pointer(index) }],
      ...(fault.mild ? { severity: "medium" as const } : {}),
    };
  }
}

function faultOf(path: unknown): { what: string; mild: boolean } | undefined {
  if (typeof path !== "string") return { what: "is no path", mild: true };
  const what = pathFault(path);
  if (what !== undefined) return { what, mild: what === "is not absolute" && path !== "" };
  return canonicalName(path) === "" ? { what: "is the whole root folder", mild: false } : undefined;
}
