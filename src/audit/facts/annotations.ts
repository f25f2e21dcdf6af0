import type { JsonObject } from "../../base/json-object.ts";
import { textsAt } from "../../runtime/documents.ts";
import type { Subject } from "../subject.ts";

/** An annotation, and where it stands. */
export interface Annotation {
  key: string;
  value: string;
  member: string;
  pointer: string;
}

/** Every annotation that a runtime may take over when it restores: one a key and value. */
export function annotationsOf(subject: Subject): Promise<readonly Annotation[]> {
  return subject.once("annotations", async () => {
    const { documents } = subject.checkpoint;
    const found: Annotation[] = [];
    const seen = new Set<string>();
    const add = (value: unknown, member: string, ...path: string[]): void => {
      for (const [key, text] of textsAt(value, ...path)) {
        const id = JSON.stringify([key, text]);
        if (seen.has(id)) continue;
        seen.add(id);
        found.push({ key, value: text, member, pointer: pointer(...path, key) });
      }
    };
    const spec = await documents.object("spec.dump");
    add(spec, "spec.dump", "annotations");
    add(await documents.object("status.dump"), "status.dump", "annotations");
    add(await documents.object("config.dump"), "config.dump", "spec", "annotations");
    // CRI-O keeps those of the CRI request as one text.
    const kept = textsAt(spec, "annotations").get("io.kubernetes.cri-o.Annotations");
    const inner = parseObject(kept);
    for (const [key, value] of textsAt({ inner }, "inner")) {
      const id = JSON.stringify([key, value]);
      if (seen.has(id)) continue;
      seen.add(id);
      const place = pointer("annotations", "io.kubernetes.cri-o.Annotations");
      found.push({ key, value, member: "spec.dump", pointer: place });
    }
    return found;
  });
}

/** RFC 6901. */
export function pointer(...path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

function parseObject(text: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** How much of a value is told; annotations may be megabytes. */
const longest = 200;

/** The beginning of a text, cut where it is long. */
export function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
