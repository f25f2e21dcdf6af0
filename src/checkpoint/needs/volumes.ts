import type { Checkpoint } from "../checkpoint.ts";

/** The member that holds a named volume of Podman's, by its folder on the node; undefined without. */
export function volumeMember({ archive }: Checkpoint, source: string): string | undefined {
  const name = /\/volumes\/([^/]+)\/_data$/.exec(source)?.[1];
  const member = `volumes/${name}.tar`;
  return name !== undefined && archive.find(member)?.type === "file" ? member : undefined;
}
