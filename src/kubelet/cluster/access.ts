import { UsageError } from "../../base/errors.ts";
import { isObject, type JsonObject } from "../../base/json-object.ts";
import { findKubeconfig } from "./find-kubeconfig.ts";
import type { Kubeconfig } from "./kubeconfig-document.ts";
import { type Access, logIn } from "./login.ts";

/** Which cluster is meant and who asks, where the kubeconfig alone does not say it. */
export interface ClusterWish {
  /** Path of a kubeconfig. */
  kubeconfig?: string | undefined;
  context?: string | undefined;
  /** Names of entries of the kubeconfig, in the place of the context's. */
  cluster?: string | undefined;
  user?: string | undefined;
  /** Address of the API server, in the place of the cluster's. */
  server?: string | undefined;
  /** Whom the user of the kubeconfig stands in for: impersonation. */
  as?: string | undefined;
}

/** Flags of the command line that wish something of a cluster, for what contradicts them. */
export const clusterFlags = ["kubeconfig", "context", "cluster", "user", "server", "as"] as const;

/** Does somebody wish anything? */
export function wishesCluster(wish: ClusterWish): boolean {
  return clusterFlags.some((name) => wish[name] !== undefined);
}

/**
 * Logs in to the cluster that is meant.
 * @throws {Fault} as `findKubeconfig` and `logIn` do, and where a name leads nowhere.
 */
export async function logInTo(
  wish: ClusterWish,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Access> {
  const config = await findKubeconfig(wish.kubeconfig, env);
  return logIn(granted(config, wish), wish.context, env);
}

/** The kubeconfig with the wish in it, as kubectl lays its flags over the file. */
export function granted(config: Kubeconfig, wish: ClusterWish): Kubeconfig {
  const { cluster, user, server, as } = wish;
  if ((cluster ?? user ?? server ?? as) === undefined) return config;
  const name = wish.context ?? config["current-context"];
  const context = config.contexts.find((entry) => entry.name === name);
  // Then logging in tells which contexts there are.
  if (name === undefined || context === undefined) return config;
  const body = isObject(context["context"]) ? context["context"] : {};
  return {
    ...config,
    clusters: [entryOf(config.clusters, "cluster", cluster, body, { server })],
    users: [entryOf(config.users, "user", user, body, { as })],
    contexts: [{ name, context: { ...body, cluster: chosen, user: chosen } }],
  };
}

const chosen = "chosen";

/** The entry of a name that was wished for, or of the context, with what was wished of it. */
function entryOf(
  entries: Kubeconfig["clusters"],
  kind: "cluster" | "user",
  wished: string | undefined,
  context: JsonObject,
  changes: Readonly<Record<string, string | undefined>>,
): Kubeconfig["clusters"][number] {
  const entry = entries.find(({ name }) => name === (wished ?? context[kind]));
  if (entry === undefined && wished !== undefined) {
    const names = entries.map(({ name }) => name).join(", ");
    throw new UsageError({
      code: `no-${kind}`,
      what: `the kubeconfig has no ${kind} of that name`,
      found: `--${kind} ${wished}`,
      allowed: names === "" ? `a kubeconfig with a ${kind}` : `--${kind} with one of ${names}`,
      next: "kubectl config view",
    });
  }
  const body = isObject(entry?.[kind]) ? entry[kind] : {};
  const wishes = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { name: chosen, [kind]: { ...body, ...Object.fromEntries(wishes) } };
}
