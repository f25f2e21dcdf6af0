import { parseTime } from "../../base/time.ts";

/**
 * The tag of an image that nobody named: the time of its dump. It is never `latest`, because the
 * kubelet pulls that again whenever a container starts.
 */
export function defaultTag(checkpointedAt: string | undefined): string {
  const time = checkpointedAt === undefined ? undefined : parseTime(checkpointedAt);
  if (time === undefined) return "checkpoint";
  const stamp = new Date(time)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  return `checkpoint-${stamp}`;
}

/** The repository of an image that nobody named: the container's name, as far as it may stand there. */
export function defaultRepository(container: string): string {
  const cleaned = container
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 128)
    .replace(/-+$/, "");
  return cleaned === "" ? "checkpoint" : cleaned;
}
