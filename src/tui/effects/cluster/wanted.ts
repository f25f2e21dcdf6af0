import { parseSeconds } from "../../../base/duration.ts";
import { UsageError } from "../../../base/errors.ts";
import { defaultDeadline, type Patience } from "../../../kubelet/call.ts";
import { planCluster } from "../../../kubelet/cluster/plan.ts";
import type { Planned } from "../../../kubelet/planned.ts";
import { parseTarget } from "../../../kubelet/target.ts";
import type { WantedCheckpoint } from "../../state/cluster.ts";
import type { Services } from "../handler.ts";
import { accessTo, meansOf } from "./log-in.ts";

/** Where a call goes whose way nobody chose: the API server, else the kubelet itself. */
export const route = "auto";

/**
 * Finds the one container that is wanted. Asks the API server, and nothing of a kubelet yet.
 * @throws {Fault} where there is none, or which is meant is not clear.
 */
export async function planWanted(
  { context, namespace, pod, container }: WantedCheckpoint,
  services: Services,
  signal: AbortSignal,
): Promise<Planned> {
  const access = await accessTo(context === "" ? null : context, services);
  const word = container === "" ? pod : `${pod}/${container}`;
  const target = parseTarget(word, namespace === "" ? access.namespace : namespace);
  const means = meansOf(access, signal);
  const { planned, faults } = await planCluster([word], [target], access, { route }, means);
  const [one] = planned;
  if (one !== undefined) return one;
  throw faults[0]?.fault;
}

/** How long the parties may take, by what was typed for the timeout. */
export function patienceOf({ timeout }: WantedCheckpoint): Patience {
  if (timeout === "") return { timeout: undefined, deadline: defaultDeadline(undefined) };
  const parsed = parseSeconds(timeout);
  if ("seconds" in parsed) {
    return { timeout: parsed.seconds, deadline: defaultDeadline(parsed.seconds) };
  }
  throw new UsageError({
    code: "duration",
    what: `the timeout is no time: ${parsed.fault}`,
    found: timeout.slice(0, 60),
    allowed: "whole seconds (90) or a duration (1h30m, 5m, 90s)",
    next: "leave it empty for the runtime's own",
  });
}
