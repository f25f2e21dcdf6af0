import { isObject, valueAt } from "../../../base/json-object.ts";
import { textAt } from "../../../runtime/documents.ts";
import { pointer } from "../../facts/annotations.ts";
import { pathFault } from "../../facts/paths.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const bindMounts: Rule = {
  id: "hostile/bind-mounts",
  title: "bind.mounts names paths that the container did not mount",
  severity: "high",
  looksAt: "bind.mounts of CRI-O, and `mounts` of spec.dump",
  why: "CRI-O creates the sources in bind.mounts on the node where they are missing, as root, before anybody has allowed them. An entry that the specification does not have was put there by hand.",
  remedy: "Do not restore it. Compare with the mounts of the pod; make the checkpoint again.",
  references: ["https://github.com/cri-o/cri-o/issues/10106"],
  evaluate,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const listed = await checkpoint.documents.json("bind.mounts");
  if (!Array.isArray(listed)) return;
  const declared = new Map<string, Set<string>>();
  const mounts = valueAt(await checkpoint.documents.object("spec.dump"), "mounts");
  for (const mount of Array.isArray(mounts) ? mounts : []) {
    const destination = textAt(mount, "destination") ?? "";
    const sources = declared.get(destination) ?? new Set<string>();
    declared.set(destination, sources.add(textAt(mount, "source") ?? ""));
  }
  for (const [index, entry] of listed.entries()) {
    const fault = faultOf(entry, declared);
    if (fault === undefined) continue;
    const source = textAt(entry, "source") ?? "nothing";
    const destination = textAt(entry, "destination") ?? "nowhere";
    yield {
      message: `bind.mounts has ${source} on ${destination}: ${fault}`,
      key: `${source} ${destination}`,
      places: [{ member: "bind.mounts", pointer: pointer(index) }],
      facts: { source, destination },
    };
  }
}

function faultOf(
  entry: unknown,
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const source = textAt(entry, "source");
  const destination = textAt(entry, "destination");
  if (!isObject(entry) || source === undefined || destination === undefined) {
    return "source or destination is no text";
  }
  const odd = pathFault(source) ?? pathFault(destination);
  if (odd !== undefined) return `a path ${odd}`;
  const sources = declared.get(destination);
  if (sources === undefined) return "the specification has no such mount";
  return sources.has(source) ? undefined : "the specification mounts something else there";
}
