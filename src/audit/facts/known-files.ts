import { describeContent } from "../../checkpoint/content.ts";

/**
 * Is it the name of a file that runtimes and CRIU open by name: metadata, logs, images, archives
 * inside the archive?
 * @param name canonical
 */
export function isKnownFile(name: string): boolean {
  if (name === "stats-dump" || name.endsWith("/stats-dump")) return true;
  return (
    describeContent({ name, type: "file" } as Parameters<typeof describeContent>[0]).title !==
    "unknown"
  );
}
