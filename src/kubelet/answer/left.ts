import { type Asked, nameOf, nodeOf } from "../asked.ts";

/** Where kubelets have archives written unless their root folder was moved. */
const checkpointsFolder = "/var/lib/kubelet/checkpoints";

/**
 * Does this kubelet cancel a checkpoint when its caller leaves? Seen with 1.36; what older ones do
 * was not seen.
 */
function cancelsWhenLeft(kubeletVersion: string | undefined): boolean | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(kubeletVersion ?? "");
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 1 || (major === 1 && minor >= 36) ? true : undefined;
}

/** What it means on the node that the caller left before the answer: one sentence each. */
export function meaningOfLeaving(asked: Asked): { meaning: string; look: string } {
  const { namespace, pod, container } = asked.target;
  const look = `ls ${checkpointsFolder}/checkpoint-${pod}_${namespace}-${container}-*.tar on ${nodeOf(asked)}`;
  if (cancelsWhenLeft(asked.kubeletVersion) === true) {
    return {
      meaning: `kubelet ${asked.kubeletVersion} cancels the checkpoint when its caller leaves: ${nameOf(asked.target)} runs on, and no archive stays`,
      look,
    };
  }
  const version =
    asked.kubeletVersion === undefined ? "of an unknown version" : asked.kubeletVersion;
  return {
    meaning: `whether kubelet ${version} goes on with the checkpoint without its caller cannot be known from here; one of 1.36 or newer cancels it, and no archive stays`,
    look,
  };
}
