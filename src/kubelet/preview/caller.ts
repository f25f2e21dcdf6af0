import { Fault } from "../../base/errors.ts";
import { valueAt } from "../../base/json-object.ts";
import { type ApiMeans, askApi } from "../cluster/ask-api.ts";
import type { Route } from "../route.ts";
import { met, type PreviewRow, unmet, untold } from "./row.ts";

/** Who asks, and what they may. Null where the cluster does not tell. */
export interface Caller {
  user: string | null;
  groups: readonly string[];
  /** Create on nodes/proxy and on nodes/checkpoint. */
  mayProxy: boolean | null;
  mayCheckpoint: boolean | null;
}

/** Asks the cluster who we are, and for both rights that a checkpoint can need. */
export async function askCaller(means: ApiMeans): Promise<Caller> {
  const [review, mayProxy, mayCheckpoint] = [
    await tell(means, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
    }),
    await may(means, "proxy"),
    await may(means, "checkpoint"),
  ];
  const user = valueAt(review, "status", "userInfo", "username");
  const groups = valueAt(review, "status", "userInfo", "groups");
  return {
    user: typeof user === "string" ? user : null,
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [],
    mayProxy,
    mayCheckpoint,
  };
}

async function may(means: ApiMeans, subresource: string): Promise<boolean | null> {
  const answer = await tell(means, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    spec: { resourceAttributes: { verb: "create", resource: "nodes", subresource } },
  });
  const allowed = valueAt(answer, "status", "allowed");
  return typeof allowed === "boolean" ? allowed : null;
}

/** Who may not ask is not told, and that alone says nothing. */
async function tell(means: ApiMeans, path: string, body: object): Promise<unknown> {
  try {
    return await askApi(means, path, body);
  } catch (error) {
    if (error instanceof Fault && error.detail.code === "forbidden") return undefined;
    throw error;
  }
}

/** The rights that the chosen way needs. `auto` gets through with either. */
export function callerRows(caller: Caller, route: Route | "auto"): PreviewRow[] {
  const { mayProxy, mayCheckpoint } = caller;
  const rows: PreviewRow[] = [];
  if (route !== "direct") {
    const required = route === "proxy" || mayCheckpoint !== true;
    rows.push(
      right("may-proxy", "through the API server you need", "proxy", mayProxy, required, caller),
    );
    rows.push(
      untold(
        {
          id: "api-server-may-checkpoint",
          what: "the API server may ask the kubelet for checkpoints",
          needed: "create on nodes/checkpoint for its own identity",
          required: false,
        },
        "only the call itself tells",
        "clusters that kubeadm 1.36.1 or newer made refuse it; the refusal comes with the role that mends it",
      ),
    );
  }
  if (route !== "proxy") {
    const required = route === "direct" || mayProxy !== true;
    const what = "at the kubelet itself you need";
    rows.push(right("may-checkpoint", what, "checkpoint", mayCheckpoint, required, caller));
  }
  return rows;
}

function right(
  id: string,
  what: string,
  subresource: string,
  allowed: boolean | null,
  required: boolean,
  { user }: Caller,
): PreviewRow {
  const resource = `nodes/${subresource}`;
  const need = { id, what: `${what} create on ${resource}`, needed: "allowed", required };
  if (allowed === null) return untold(need, "the cluster does not say what you may");
  if (allowed) return met(need, "allowed");
  return unmet(
    need,
    `not allowed for ${user ?? "you"}`,
    `have an administrator bind a ClusterRole with create on ${resource} to ${user ?? "you"}`,
  );
}
