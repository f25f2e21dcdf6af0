import type { NodeFacts } from "./facts.ts";
import { folderHost } from "./folder-host.ts";
import { gatherHost } from "./gather.ts";

/** A machine that can be looked at: what it says of itself, and whether a path is there. */
export interface Place {
  facts: NodeFacts;
  /** Undefined where that cannot be seen. */
  look: (path: string) => boolean | undefined;
}

/**
 * Looks at this machine, or at the file system of another.
 * @param root the folder that stands for `/`
 */
export async function gatherPlace(root: string): Promise<Place> {
  const host = folderHost(root);
  return {
    facts: await gatherHost(host),
    look: (path) => {
      const { state } = host.stat(path);
      return state === "unreadable" ? undefined : state === "found";
    },
  };
}
