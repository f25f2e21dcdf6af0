import { type Fault, RemoteError, TimeoutError } from "../../base/errors.ts";
import { type Asked, nodeOf } from "../asked.ts";
import type { Answer } from "../http/body.ts";
import { saying, speakerOf, statusOf } from "./status.ts";

/** Why an API server did not reach a kubelet, by its own words. */
const reasons: readonly { pattern: RegExp; code: string; cause: string; next: string }[] = [
  {
    pattern: /connection refused/,
    code: "kubelet-down",
    cause: "nobody listens there, so the kubelet does not run",
    next: "look at it on the node: systemctl status kubelet",
  },
  {
    pattern: /TLS handshake timeout/,
    code: "kubelet-hung",
    cause:
      "the kubelet takes connections and then says nothing: it hangs, or the node is overloaded",
    next: "look at it on the node: systemctl status kubelet, and restart it if it hangs",
  },
  {
    pattern: /x509|certificate|tls:/,
    code: "kubelet-certificate",
    cause: "the API server does not believe the kubelet's certificate",
    next: "look at the kubelet's serving certificate (kubectl get csr) and the API server's --kubelet-certificate-authority; or try --route direct",
  },
  {
    pattern: /no such host|server misbehaving/,
    code: "kubelet-unreachable",
    cause: "the API server does not find the node's address by its name",
    next: "see the API server's --kubelet-preferred-address-types; or try --route direct",
  },
  {
    pattern:
      /no route to host|network is unreachable|i\/o timeout|No agent available|proxyconnect|context deadline exceeded/,
    code: "kubelet-unreachable",
    cause:
      "the API server has no way to the node: it is switched off, or a network or a firewall is between",
    next: "see whether the node is Ready: kubectl get node; or try --route direct",
  },
];

/** 502, 503, 504: somebody on the way to the kubelet gave up. */
export function unreached(asked: Asked, answer: Answer): Fault {
  const found = saying(answer);
  if (speakerOf(answer) === "somebody") return byProxy(answer, found);
  const message = statusOf(answer)?.message ?? answer.body;
  const reason = reasons.find(({ pattern }) => pattern.test(message));
  if (reason === undefined) {
    return new RemoteError({
      code: "unavailable",
      what:
        asked.route === "proxy"
          ? `the API server has no way to ${nodeOf(asked)} now`
          : `the kubelet of ${nodeOf(asked)} cannot answer now`,
      found,
      next: "try again in a while; kubectl get nodes tells whether the node is Ready",
    });
  }
  return new RemoteError({
    code: reason.code,
    what: `the API server did not reach the kubelet of ${nodeOf(asked)}: ${reason.cause}`,
    found,
    next: reason.next,
  });
}

function byProxy(answer: Answer, found: string): Fault {
  const detail = {
    code: "gateway",
    what: "a proxy or load balancer on the way answered for the other side",
    found,
    allowed: "an answer of the API server's or the kubelet's own",
    next: "raise its own timeout if checkpoints take long; or go another way: --route direct, --kubelet",
  };
  return answer.status === 504 ? new TimeoutError(detail) : new RemoteError(detail);
}
