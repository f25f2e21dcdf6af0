import { askCaller } from "../../../kubelet/preview/caller.ts";
import { askNode, previewOf } from "../../../node/preview.ts";
import type { Handler } from "../handler.ts";
import { clock } from "./log-in.ts";
import { patienceOf, planWanted, route } from "./wanted.ts";

/** The same questions as `checkpoint --dry-run` asks; nothing is checkpointed. */
export const answerChecks: Handler<"checks"> = async (wanted, services, { signal }) => {
  const { timeout } = patienceOf(wanted);
  const planned = await planWanted(wanted, services, signal);
  const means = planned.known?.means;
  const caller = means === undefined ? null : await askCaller(means);
  const item = await previewOf(
    planned,
    timeout,
    caller,
    (node, api) => askNode(node, api, clock.now()),
    route,
  );
  return { item, caller };
};
