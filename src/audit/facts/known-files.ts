import { describeContent } from "../../checkpoint/content.ts";

/** Folders of an archive that runtimes write into when they unpack it. */
const folders: ReadonlySet<string> = new Set([
  "checkpoint",
  "pre-checkpoint",
  "volumes",
  "artifacts",
]);

/**
 * What belongs at a name that runtimes and CRIU open: metadata, logs, images, archives inside the
 * archive; undefined for any other name.
 * @param name canonical
 */
export function knownPlace(name: string): "folder" | "metadata" | "image" | undefined {
  if (folders.has(name)) return "folder";
  const { kind, title, image } = describeContent({ ...plainFile, name });
  if (title === "unknown") return undefined;
  return image === undefined || image.type === "STATS" || kind === "log" ? "metadata" : "image";
}

const plainFile = {
  index: 0,
  type: "file",
  size: 0,
  storedSize: 0,
  mode: 0,
  uid: 0,
  gid: 0,
  mtime: 0,
  headerOffset: 0,
  dataOffset: 0,
} as const;
