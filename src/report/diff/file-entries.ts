import type { FileChange, FileFacts } from "../../audit/diff/files.ts";
import { formatBytes } from "../../base/units.ts";
import type { DiffEntry } from "./entries.ts";
import { arrow } from "./values.ts";

const labels: Partial<Record<keyof FileFacts, string>> = {
  modifiedAt: "modified",
  linkName: "link to",
};

/** What the container changed in its root file system, in volumes and in memory file systems. */
export function fileEntries(changes: readonly FileChange[]): DiffEntry[] {
  return changes.map(({ change, member, path, before, after, fields }): DiffEntry => {
    const subject = member.startsWith("volumes/") ? `${member}!${path.slice(1)}` : path;
    const facts = (after ?? before) as FileFacts;
    if (change !== "changed") return { change, subject, parts: description(facts) };
    if (fields.includes("type")) {
      return { change, subject, parts: [arrow("", before?.type, after?.type)] };
    }
    const parts = fields.map((field) => {
      const key = field as keyof FileFacts;
      const [old, now] = [before?.[key], after?.[key]];
      if (key === "sha256") return "other content";
      if (key === "sizeBytes") return arrow("size", bytes(old), bytes(now));
      return arrow(labels[key] ?? key, old, now);
    });
    return { change, subject, parts };
  });
}

function bytes(value: unknown): string | null {
  return typeof value === "number" ? formatBytes(value) : null;
}

function description({ type, sizeBytes, mode, linkName }: FileFacts): string[] {
  if (type === "deleted") return ["deleted from the image"];
  const parts = type === "file" ? [formatBytes(sizeBytes ?? 0)] : [type];
  if (mode !== null) parts.push(`mode ${mode}`);
  return linkName === null ? parts : [...parts, `link to ${linkName}`];
}
