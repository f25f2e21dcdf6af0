import { type FaultDetail, RemoteError } from "../../base/errors.ts";
import { forbiddenByApi, unauthenticatedByApi } from "../answer/refused.ts";
import { type Rule, rightInStatus, roleManifest } from "../answer/rights.ts";
import { saying, statusOf } from "../answer/status.ts";
import type { Answer } from "../http/body.ts";

/** All that bringing an archive by a pod needs, in the namespace of that pod. */
const rules: readonly Rule[] = [
  { group: "", resource: "pods", verbs: ["create", "get", "delete"] },
  { group: "", resource: "pods/exec", verbs: ["get", "create"] },
];

/** A missing right becomes all the rights that are needed, so that nobody has to ask four times. */
function withAllRights(fault: RemoteError): RemoteError {
  const right = rightInStatus(fault.detail.found ?? "");
  if (right?.namespace === undefined || fault.detail.manifest === undefined) return fault;
  return new RemoteError({
    ...fault.detail,
    manifest: roleManifest("cryoscope-fetch", right.user, right.namespace, rules),
    notes: ["what stands below gives all that bringing an archive by a pod needs"],
  });
}

/** Refusals after which there is no pod. */
const notMade = new Set([
  "forbidden",
  "unauthenticated",
  "pod-security",
  "pod-refused",
  "no-namespace",
]);

export function saysNotMade(error: unknown): boolean {
  return error instanceof RemoteError && notMade.has(error.detail.code ?? "");
}

/** Why no pod was made, for somebody who wanted an archive. */
export function creationRefused(error: unknown, namespace: string): unknown {
  if (!(error instanceof RemoteError)) return error;
  const { code, found = "", manifest } = error.detail;
  if (code === "forbidden" && /violates PodSecurity/.test(found)) {
    return new RemoteError({
      code: "pod-security",
      what: `namespace ${namespace} takes no pod that sees a folder of its node (pod security admission)`,
      found,
      allowed: "a namespace whose pods may use hostPath: level privileged",
      next: "give another with --namespace-for-fetch (kube-system in many clusters), or label one: kubectl label namespace NAME pod-security.kubernetes.io/enforce=privileged; or go around pods with --fetch-command",
    });
  }
  if (code === "forbidden" && manifest === undefined) {
    return new RemoteError({
      code: "pod-refused",
      what: `an admission rule of the cluster refuses the pod that would read the archive in namespace ${namespace}`,
      found,
      allowed: "a pod of root's with a hostPath volume",
      next: "give another namespace with --namespace-for-fetch, or go around pods with --fetch-command",
    });
  }
  if (code === "forbidden") return withAllRights(error);
  if (code !== "api-server-failed") return error;
  return new RemoteError({
    ...error.detail,
    code: "pod-refused",
    what: "the API server does not take the pod that would read the archive",
    next: "see whether --fetch-image and --namespace-for-fetch are right; or go around pods with --fetch-command",
  });
}

/** Why no program may run in the pod. */
export function execRefused(answer: Answer): RemoteError {
  const { status } = answer;
  const found = saying(answer);
  if (status === 401) return unauthenticatedByApi(answer);
  const said = statusOf(answer);
  if (status === 403 && said === undefined) {
    return new RemoteError({
      code: "exec-protocol",
      what: "the API server, or a proxy before it, takes no exec over WebSocket",
      found,
      allowed: "v5.channel.k8s.io or v4.channel.k8s.io, which every supported API server speaks",
      next: "see what stands between here and the API server; or use --fetch-command",
    });
  }
  if (status === 403) {
    if (rightInStatus(said?.message ?? "") !== undefined)
      return withAllRights(forbiddenByApi(answer));
    return new RemoteError({
      code: "forbidden",
      what: "the API server does not let you run a program in the pod",
      found,
      // With `get` alone its answer ends before the reason.
      allowed: "get and create on pods/exec",
      next: "have an administrator give you both; API servers before 1.35 want only create",
    });
  }
  const detail: FaultDetail = {
    code: "exec-failed",
    what: "no program can be run in the pod that would read the archive",
    found,
    next: "try again",
  };
  if (status === 404) {
    const next = "see what removes pods there: kubectl get events; then try again";
    return new RemoteError({
      ...detail,
      code: "pod-gone",
      what: "the pod that read the archive is gone",
      next,
    });
  }
  if (!/dial|connect|timeout|no route|EOF/i.test(said?.message ?? ""))
    return new RemoteError(detail);
  return new RemoteError({
    ...detail,
    code: "kubelet-unreachable",
    what: "the API server does not reach the kubelet of the node on which the archive lies",
    next: "see whether the node is Ready: kubectl get nodes",
  });
}
