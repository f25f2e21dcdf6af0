import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { makeManifest, type RemarkedManifest } from "../../../restore/manifest/manifest.ts";
import { isObjectName } from "../../../restore/manifest/names.ts";
import type { RestoreWrite } from "../../state/restore.ts";

/** The pod for the place that the plan was made against. */
export function manifestOf(
  checkpoint: Checkpoint,
  { node, runtime }: Extract<RestoreWrite, { what: "manifest" }>,
): Promise<RemarkedManifest> {
  return makeManifest(checkpoint, {
    ...(node !== null && isObjectName(node) ? { node } : {}),
    ...(runtime === "containerd" || runtime === "cri-o" ? { runtime } : {}),
  });
}
