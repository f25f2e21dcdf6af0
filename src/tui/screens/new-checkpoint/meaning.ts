import { meaningOfLeaving } from "../../../kubelet/answer/left.ts";
import type { CallBegun } from "../../state/cluster.ts";

/** What it means on the node that we leave, and where to look. */
export function meaningOf(begun: CallBegun | undefined): { meaning: string; look: string | null } {
  if (begun === undefined) {
    return { meaning: "nothing was sent: the container is untouched", look: null };
  }
  const { target, node, kubeletVersion, urls } = begun;
  return meaningOfLeaving({
    target,
    route: urls[0]?.route ?? "proxy",
    url: urls[0]?.url ?? "",
    node: node ?? undefined,
    kubeletVersion: kubeletVersion ?? undefined,
  });
}
