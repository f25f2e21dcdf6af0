import { nestedPaths, readNeededFiles } from "../../../checkpoint/needs/needed-files.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

const carrier = "devshm-checkpoint.tar";

/** Files of /dev/shm that stayed on the node. */
export const sharedMemoryFile: Rule = {
  id: "restore/shared-memory-file",
  title: "File in /dev/shm was not saved",
  severity: "high",
  looksAt: "open and mapped files below /dev/shm, against devshm-checkpoint.tar",
  why: "/dev/shm belongs to the pod. containerd and CRI-O do not save it, and the restore ends with `Can't open file dev/shm/… on restore`. Podman saves it in devshm-checkpoint.tar.",
  remedy:
    "Have the program use memory without a name (memfd_create, MAP_SHARED | MAP_ANONYMOUS), or put the files into the pod's /dev/shm before it is restored.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const files = (await readNeededFiles(subject)).filter(({ from }) => from === "dev-shm");
    if (files.length === 0) return;
    const saved = await nestedPaths(subject, carrier);
    for (const { path, place } of files) {
      if (saved?.has(path.slice("/dev/shm".length)) === true) continue;
      yield {
        message: `${path} is in use and ${saved === undefined ? "the archive holds nothing of /dev/shm" : `not in ${carrier}`}: CRIU says \`Can't open file ${path.slice(1)} on restore\``,
        key: path,
        places: [place],
        facts: { path },
      };
    }
  },
};
