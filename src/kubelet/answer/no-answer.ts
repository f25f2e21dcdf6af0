import { formatDuration } from "../../base/duration.ts";
import {
  type Fault,
  type FaultDetail,
  InterruptedError,
  RemoteError,
  TimeoutError,
} from "../../base/errors.ts";
import type { ExchangeFailure, FailureKind } from "../../base/exchange-failure.ts";
import { type Asked, nameOf, nodeOf } from "../asked.ts";
import { meaningOfLeaving } from "./left.ts";

/** Who it is that gave no answer, and where. */
interface Peer {
  /** `the API server`, `the kubelet of node worker-3`. */
  name: string;
  url: string;
  role: "api-server" | "kubelet";
}

type Reason = (peer: Peer, found: string) => FaultDetail;

/** Failures that mean the same whatever was asked. */
const reasons: Readonly<Partial<Record<FailureKind, Reason>>> = {
  refused: ({ name, role, url }) => ({
    what: `nobody listens where ${name} should be`,
    allowed: role === "kubelet" ? "a kubelet, on port 10250 in most clusters" : "an API server",
    next:
      role === "kubelet"
        ? "look at it on the node: systemctl status kubelet; or compare the port"
        : `see whether it runs, and whether your kubeconfig is of today: ${url}`,
  }),
  unreachable: (peer) => noWay(peer),
  "connect-timeout": (peer) => noWay(peer),
  "unknown-host": ({ name, url }) => ({
    what: `the name of ${name} means nothing here: ${new URL(url).hostname}`,
    allowed: "a name that DNS or /etc/hosts knows",
    next: "give its address instead; --tls-server-name keeps the name that its certificate bears",
  }),
  "unknown-authority": ({ name, role }) => ({
    what: `${name} shows a certificate of an authority that is not known here`,
    allowed: "a certificate that the given authority has signed",
    next:
      role === "kubelet"
        ? "give the authority of its serving certificate: --certificate-authority FILE; many kubelets sign their own (pki/kubelet.crt below their root folder); --insecure-skip-tls-verify believes anybody"
        : "see certificate-authority in your kubeconfig: it is another cluster's, or the cluster has a new one",
  }),
  "wrong-name": ({ name, url }) => ({
    what: `${name} shows a certificate for other names than ${new URL(url).hostname}`,
    allowed: "one of the names in its certificate",
    next: "give one of them: --tls-server-name NAME",
  }),
  expired: ({ name }) => ({
    what: `the certificate of ${name} has expired`,
    allowed: "a certificate that is valid now",
    next: "renew it (kubeadm certs renew; for kubelets: kubectl get csr), and compare the clocks of both machines",
  }),
  "not-yet-valid": ({ name }) => ({
    what: `the certificate of ${name} is not valid yet`,
    allowed: "a certificate that is valid now",
    next: "compare the clocks of both machines",
  }),
  "not-tls": ({ name }) => ({
    what: `what answers for ${name} does not speak TLS`,
    allowed: "TLS: the read-only port 10255 and plain HTTP have no checkpoints",
    next: "compare the port: 10250 in most clusters",
  }),
  "client-certificate": ({ name }) => ({
    what: `${name} does not take the client certificate, or wants one`,
    allowed: "a client certificate of an authority that it believes",
    next: "compare --client-certificate with the authority of the cluster, and see whether it has expired: openssl x509 -noout -dates -issuer -in FILE",
  }),
  tls: ({ name }) => ({
    what: `${name} and we find no way to speak TLS with each other`,
    next: "see which TLS versions and certificates it offers: openssl s_client -connect HOST:PORT",
  }),
  "not-http": ({ name }) => ({
    what: `what answers for ${name} does not speak HTTP`,
    allowed: "HTTP/1.1 or HTTP/2",
    next: "compare the address and the port",
  }),
  "too-long": ({ name }) => ({
    what: `what answers for ${name} does not stop`,
    next: "see what really answers at this address",
  }),
  proxy: ({ name }) => ({
    what: `the proxy on the way to ${name} does not let us through`,
    next: "see proxy-url in your kubeconfig, HTTPS_PROXY and NO_PROXY",
  }),
};

function noWay({ name, role }: Peer): FaultDetail {
  return {
    what: `${name} cannot be reached: nothing answers at its address`,
    allowed: "a machine that is switched on, with no firewall between",
    next:
      role === "kubelet"
        ? "nodes are mostly out of reach from outside the cluster: leave --kubelet and --route direct out, and the API server passes the call on"
        : "see whether a VPN is needed, and whether your kubeconfig is of today",
  };
}

/** The fault for a question that changes nothing, or a call that never left. */
export function noAnswer(peer: Peer, failure: ExchangeFailure): Fault {
  const known = reasons[failure.kind]?.(peer, failure.message);
  return new RemoteError({
    code: failure.kind,
    found: failure.message,
    where: { url: peer.url },
    ...(known ?? {
      what: `${peer.name} broke the connection before its answer was whole`,
      next: "try again; a proxy or load balancer on the way may be why",
    }),
  });
}

/** Why a call was given up from our side. */
export type GivenUp = { by: "deadline"; milliseconds: number } | { by: "interrupt" };

/** The fault for a checkpoint call without a whole answer. */
export function noVerdict(
  asked: Asked,
  failure: ExchangeFailure,
  givenUp: GivenUp | undefined,
): Fault {
  const where =
    asked.node === undefined ? { url: asked.url } : { url: asked.url, node: asked.node };
  if (failure.kind === "aborted" && givenUp !== undefined)
    return gaveUp(asked, failure, givenUp, where);
  if (failure.phase === "connecting" || reasons[failure.kind] !== undefined) {
    return noAnswer(peerOf(asked), failure).at(where);
  }
  const { meaning, look } = meaningOfLeaving(asked);
  const done = failure.phase === "answering" && failure.status === 200;
  return new RemoteError({
    code: "cut",
    what: done
      ? `the connection ended in the middle of the answer: ${nameOf(asked.target)} was checkpointed, and the name of its archive is lost`
      : `the connection ended before the answer: ${nodeOf(asked)} or somebody on the way closed it`,
    where,
    found: failure.message,
    next: done ? look : `see whether there is an archive: ${look}`,
    ...(done ? {} : { notes: [meaning] }),
  });
}

function gaveUp(
  asked: Asked,
  failure: ExchangeFailure,
  givenUp: GivenUp,
  where: NonNullable<FaultDetail["where"]>,
): Fault {
  const { meaning, look } = meaningOfLeaving(asked);
  const sent = failure.phase !== "connecting";
  const notes = sent ? [meaning] : ["nothing was sent: the container is untouched"];
  if (givenUp.by === "interrupt") {
    return new InterruptedError({
      code: "interrupted",
      what: `you stopped waiting for the checkpoint of ${nameOf(asked.target)}`,
      where,
      ...(sent ? { next: `see whether there is an archive: ${look}` } : {}),
      notes,
    });
  }
  const patience = formatDuration(givenUp.milliseconds);
  return new TimeoutError({
    code: "deadline",
    what: `no answer for ${nameOf(asked.target)} within ${patience}, so we gave up`,
    where,
    found: sent ? "silence on an open connection" : "no connection",
    allowed: `an answer within --request-timeout (${patience})`,
    next: sent
      ? `wait longer with --request-timeout, or see whether the kubelet hangs; archives: ${look}`
      : "see whether the node is Ready: kubectl get nodes",
    notes,
  });
}

function peerOf(asked: Asked): Peer {
  if (asked.route === "proxy")
    return { name: "the API server", role: "api-server", url: asked.url };
  return { name: `the kubelet of ${nodeOf(asked)}`, role: "kubelet", url: asked.url };
}
