import { type FaultDetail, RemoteError } from "../../base/errors.ts";
import { type Asked, nodeOf } from "../asked.ts";
import type { Answer } from "../http/body.ts";
import { type MissingRight, manifestOf, rightInStatus, rightInText } from "./rights.ts";
import { saying, speakerOf, statusOf } from "./status.ts";

/** 401: somebody does not know who asks. */
export function unauthenticated(asked: Asked, answer: Answer): RemoteError {
  const found = saying(answer);
  if (asked.route === "proxy" && speakerOf(answer) === "kubelet") {
    return new RemoteError({
      code: "api-server-unauthenticated",
      what: `the kubelet of ${nodeOf(asked)} does not know the API server that asks for you`,
      found,
      allowed:
        "a client certificate of the API server's that the kubelet's clientCAFile has signed",
      next: "compare --kubelet-client-certificate of the API server with authentication.x509.clientCAFile of the kubelet; or ask it yourself with --route direct",
    });
  }
  if (asked.route === "proxy") return unauthenticatedByApi(answer);
  return new RemoteError({
    code: "unauthenticated",
    what: `the kubelet of ${nodeOf(asked)} does not know who asks`,
    found,
    allowed: "a client certificate of its clientCAFile's, or a token that the cluster knows",
    next: "give --client-certificate and --client-key, or --token-file; tokens need authentication.webhook.enabled at the kubelet, and may have expired",
  });
}

/** 401 of the API server, whatever was asked. */
export function unauthenticatedByApi(answer: Answer): RemoteError {
  return new RemoteError({
    code: "unauthenticated",
    what: "the API server does not know who asks",
    found: saying(answer),
    allowed: "a token or a client certificate that is valid now",
    next: "log in again, or choose another with --context or --kubeconfig; kubectl auth whoami tells whether it works",
  });
}

/** 403: somebody knows who asks, and refuses. */
export function forbidden(asked: Asked, answer: Answer): RemoteError {
  const status = statusOf(answer);
  if (status !== undefined) return forbiddenByApi(answer);
  const right = rightInText(answer.body);
  if (right === undefined) {
    return new RemoteError({
      code: "forbidden",
      what: `somebody between here and ${nodeOf(asked)} refuses the call`,
      found: saying(answer),
      next: "look for a proxy or firewall on the way; neither kubelets nor API servers word it so",
    });
  }
  return asked.route === "proxy"
    ? apiServerMayNot(asked, answer, right)
    : callerMayNot(asked, answer, right);
}

const soon = "the kubelet notices within 30 s: it remembers refusals as long";

/** The trap of new clusters: the caller may, the API server that asks in its name may not. */
function apiServerMayNot(asked: Asked, answer: Answer, right: MissingRight): RemoteError {
  return new RemoteError({
    code: "api-server-forbidden",
    what: `the kubelet of ${nodeOf(asked)} refuses the API server: "${right.user}", which asks for everybody, has no right to ${right.verb} ${right.resource}`,
    found: saying(answer),
    allowed: `${right.verb} on ${right.resource} for ${right.user}`,
    next: "have an administrator apply what stands below, or go around the API server with --route direct",
    notes: [
      "it is not you: cluster administrators are refused too, as on clusters that kubeadm 1.36.1 or newer made",
      soon,
    ],
    manifest: manifestOf(right),
  });
}

function callerMayNot(asked: Asked, answer: Answer, right: MissingRight): RemoteError {
  if (right.user === "system:anonymous") return nobody(saying(answer), right);
  return new RemoteError({
    code: "forbidden",
    what: `the kubelet of ${nodeOf(asked)} knows you as "${right.user}", who has no right to ${right.verb} ${right.resource}`,
    found: saying(answer),
    allowed: `${right.verb} on ${right.resource} for ${right.user}`,
    next: "have an administrator apply what stands below",
    notes: ["nodes/proxy is of no use at the kubelet itself", soon],
    manifest: manifestOf(right),
  });
}

/** 403 of the API server, whatever was asked. */
export function forbiddenByApi(answer: Answer): RemoteError {
  const message = statusOf(answer)?.message ?? "";
  const right = rightInStatus(message);
  const found = saying(answer);
  if (right === undefined) {
    return new RemoteError({
      code: "forbidden",
      what: "the API server refuses the call",
      found,
      next: "ask the cluster's administrator; an admission rule may forbid it whatever your rights are",
    });
  }
  if (right.user === "system:anonymous") return nobody(found, right);
  const detail: FaultDetail = {
    code: "forbidden",
    what: `the API server knows you as "${right.user}", who has no right to ${right.verb} ${right.resource}${right.namespace === undefined ? "" : ` in namespace ${right.namespace}`}`,
    found,
    allowed: `${right.verb} on ${right.resource} for ${right.user}`,
    next: "have an administrator apply what stands below",
    manifest: manifestOf(right),
  };
  if (right.resource === "nodes/proxy") {
    return new RemoteError({
      ...detail,
      notes: [
        "your own right to nodes/checkpoint is of no use on this way; with --route direct it is enough",
        "the API server's identity needs create on nodes/checkpoint besides, which a second answer would tell; once that is given, the kubelet notices within 30 s",
      ],
    });
  }
  return new RemoteError(detail);
}

function nobody(found: string, { verb, resource }: MissingRight): RemoteError {
  return new RemoteError({
    code: "unauthenticated",
    what: "the call came from nobody: no certificate and no token was accepted",
    found,
    allowed: `somebody with the right to ${verb} ${resource}`,
    next: "give a kubeconfig with a user, or --client-certificate and --client-key, or --token-file",
  });
}
