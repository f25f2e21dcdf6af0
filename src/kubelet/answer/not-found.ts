import { RemoteError } from "../../base/errors.ts";
import { type Asked, nameOf, nodeOf } from "../asked.ts";
import type { Answer } from "../http/body.ts";
import { saying, statusOf } from "./status.ts";

/** 404: of the gate, the path, the node, the pod, the container or the timeout. */
export function notFound(asked: Asked, answer: Answer): RemoteError {
  const text = answer.body.trim();
  if (statusOf(answer) !== undefined) return noNode(asked, answer);
  const container = /^container (.*) does not exist$/.exec(text);
  if (container !== null) return noContainer(asked, answer);
  const known = texts[text];
  if (known !== undefined) return known(asked, answer);
  return new RemoteError({
    code: "not-found",
    what: `${nodeOf(asked)} has no checkpoint call at this address`,
    found: saying(answer),
    allowed: "a kubelet's own port (10250), or an API server",
    next: "compare the address with what kubectl get nodes -o wide and the kubelet's configuration say",
  });
}

const texts: Readonly<Record<string, (asked: Asked, answer: Answer) => RemoteError>> = {
  "404 page not found": gateOff,
  "404: Page Not Found": wrongPath,
  "pod does not exist": noPod,
  "cannot parse value of timeout parameter": badTimeout,
};

/** Go's own multiplexer answers where the route was never set up. */
function gateOff(asked: Asked, answer: Answer): RemoteError {
  return new RemoteError({
    code: "gate-off",
    what: `the kubelet of ${nodeOf(asked)} offers no checkpoints: its feature gate ContainerCheckpoint is off`,
    found: saying(answer),
    allowed:
      "featureGates: ContainerCheckpoint: true (the default from Kubernetes 1.30 on; there is none before 1.25)",
    next: "set it in the kubelet's configuration on that node and restart the kubelet; the control plane's gates do not matter",
    notes: ["other servers answer so too: make sure that this is the kubelet's own port"],
  });
}

/** The kubelet's own router answers where the gate is on. */
function wrongPath(asked: Asked, answer: Answer): RemoteError {
  return new RemoteError({
    code: "wrong-path",
    what: `the kubelet of ${nodeOf(asked)} offers checkpoints, but knows no such path`,
    found: saying(answer),
    allowed: "/checkpoint/NAMESPACE/POD/CONTAINER",
    next: "give the address of the kubelet without a path of its own",
  });
}

function noPod(asked: Asked, answer: Answer): RemoteError {
  const { namespace, pod } = asked.target;
  const next =
    asked.route === "proxy" && asked.node !== undefined
      ? `it may just have been deleted or moved: kubectl get pod -n ${namespace} ${pod} -o wide`
      : `see which node it runs on: kubectl get pod -n ${namespace} ${pod} -o wide`;
  return new RemoteError({
    code: "no-pod",
    what: `the kubelet of ${nodeOf(asked)} has no pod ${namespace}/${pod}`,
    found: saying(answer),
    allowed: "a pod that runs on that node",
    next,
    notes: ["static pods bear the name of their node at the end: NAME-NODE"],
  });
}

function noContainer(asked: Asked, answer: Answer): RemoteError {
  const { namespace, pod, container } = asked.target;
  return new RemoteError({
    code: "no-container",
    what: `pod ${namespace}/${pod} has no container ${container}`,
    found: saying(answer),
    allowed: "a container, init container or ephemeral container of that pod",
    next: `see their names: kubectl get pod -n ${namespace} ${pod} -o jsonpath='{.spec.containers[*].name}'`,
  });
}

function badTimeout(asked: Asked, answer: Answer): RemoteError {
  return new RemoteError({
    code: "bad-timeout",
    what: `the kubelet of ${nodeOf(asked)} cannot read the timeout`,
    found: `${saying(answer)} (${new URL(asked.url).search || "no query"})`,
    allowed: "whole seconds",
    next: "something on the way changed the query: look for a proxy that rewrites addresses",
  });
}

function noNode(asked: Asked, answer: Answer): RemoteError {
  if (asked.route === "direct") return apiServerInstead(answer);
  const { kind } = statusOf(answer) ?? {};
  return new RemoteError({
    code: "no-node",
    what:
      kind === "nodes"
        ? `the API server knows no ${nodeOf(asked)}`
        : `the API server cannot find what ${nameOf(asked.target)} needs`,
    found: saying(answer),
    next: "the node may just have left the cluster: kubectl get nodes",
  });
}

/** An API server answers where a kubelet was expected. */
export function apiServerInstead(answer: Answer): RemoteError {
  return new RemoteError({
    code: "not-a-kubelet",
    what: "an API server answers at this address, not a kubelet",
    found: saying(answer),
    allowed: "the address of a kubelet, whose port is 10250 in most clusters",
    next: "leave --kubelet out to go through the API server of your kubeconfig",
  });
}
