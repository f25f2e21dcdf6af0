import { RefusedError } from "../../base/errors.ts";

/** Where an archive lies on a node, taken apart. */
export interface ArchivePath {
  path: string;
  /** The kubelet's folder of checkpoints. */
  folder: string;
  name: string;
}

/**
 * Kubelets write `ROOT/checkpoints/checkpoint-POD_NAMESPACE-CONTAINER-TIME.tar`. Nothing else is
 * read, and above all removed, on the word of who answered; nor what a shell on the way would take
 * for more than a word.
 */
const shape = /^((?:\/[\w.+@%=,:-]+)*\/checkpoints)\/(checkpoint-[\w.+:-]+\.tar)$/;

/** @throws {RefusedError} where a path is not as kubelets give them. */
export function archivePath(path: string): ArchivePath {
  const match = shape.exec(path);
  const steps = path.split("/");
  if (match !== null && path.length < 4096 && !steps.includes("..") && !steps.includes(".")) {
    return { path, folder: match[1] as string, name: match[2] as string };
  }
  throw new RefusedError({
    code: "fetch-path",
    what: "the kubelet names a file that is no archive of a kubelet's, and it is left where it is",
    found: path.length > 300 ? `${path.slice(0, 300)}…` : path,
    allowed: "…/checkpoints/checkpoint-POD_NAMESPACE-CONTAINER-TIME.tar",
    next: "look at that node yourself; something between here and its kubelet may have changed the answer",
  });
}
