import { timer } from "../../../base/timer.ts";
import { logInTo } from "../../../kubelet/cluster/access.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import type { Access } from "../../../kubelet/cluster/login.ts";
import type { ClusterOptions, Services } from "../handler.ts";

/** Milliseconds that a login is used again: a program may have to be run for each. */
const believed = 60_000;

export const clock = { now: Date.now, timer };

/**
 * Logs in to the cluster of a context; null is the kubeconfig's current one.
 * @throws {Fault} as `logIn` does.
 */
export function accessTo(context: string | null, services: Services): Promise<Access> {
  const { env, file, context: given } = clusterOf(services);
  const chosen = context ?? given;
  const key = chosen ?? "";
  const known = services.logins.get(key);
  if (known !== undefined && known.until > clock.now()) return known.access;
  const access = logInTo({ kubeconfig: file, context: chosen }, env);
  services.logins.set(key, { until: clock.now() + believed, access });
  // Whoever asks again tries again.
  access.catch(() => services.logins.delete(key));
  return access;
}

export function clusterOf({ options }: Services): ClusterOptions {
  return options.cluster ?? { env: {} };
}

export function meansOf({ api }: Access, interrupted: AbortSignal): ApiMeans {
  return { api, clock, interrupted };
}
