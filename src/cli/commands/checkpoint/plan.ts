import { logInTo } from "../../../kubelet/cluster/access.ts";
import { planCluster } from "../../../kubelet/cluster/plan.ts";
import { kubeletAddress, kubeletEndpoint } from "../../../kubelet/direct.ts";
import { type Plan, planDirect } from "../../../kubelet/planned.ts";
import { checkNamespace, parseTarget } from "../../../kubelet/target.ts";
import type { Io } from "../../io.ts";
import type { CheckpointOptions } from "./options.ts";
import { planLocal } from "./plan-local.ts";

/** Finds out where each container is. Asks the API server, and nothing of a kubelet yet. */
export async function makePlan(
  words: readonly string[],
  options: CheckpointOptions,
  io: Io,
  interrupted: AbortSignal,
): Promise<Plan> {
  const { namespace, container, route } = options;
  if (namespace !== undefined) checkNamespace(namespace);
  const targets = words.map((word) => parseTarget(word, namespace, container));
  if (route === "local") return planLocal("/", words, targets, options);
  if (options.kubelet !== undefined) {
    const base = kubeletAddress(options.kubelet);
    return planDirect(await kubeletEndpoint(base, options), words, targets);
  }
  const access = await logInTo(options, io.env);
  const means = { api: access.api, clock: io, interrupted };
  return planCluster(words, targets, access, { ...options, route }, means);
}
