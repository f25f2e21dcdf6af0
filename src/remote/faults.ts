import {
  type Fault,
  InterruptedError,
  RefusedError,
  RemoteError,
  TimeoutError,
} from "../base/errors.ts";
import type { ExchangeFailure, FailureKind } from "../base/exchange-failure.ts";
import { shownName } from "../base/remote-name.ts";

/** To whom we speak, and what for: the words of messages. */
export interface Errand {
  /** `registry`, `server`: also the first part of codes. */
  party: string;
  /** What it means that the caller gave up. */
  givenUp: string;
  /** What to do after a failure that may pass. */
  again: string;
}

export const reading: Errand = {
  party: "server",
  givenUp: "reading was given up",
  again: "try again",
};

export const uploading: Errand = {
  party: "server",
  givenUp: "the upload was given up; there may be nothing, and never a part",
  again: "send it again",
};

export const pushing: Errand = {
  party: "registry",
  givenUp: "the push was given up; the registry has no new image",
  again: "push again: what the registry has already is not sent again",
};

export const pulling: Errand = {
  party: "registry",
  givenUp: "reading was given up",
  again: "try again",
};

/** Where something went, without the query, in which servers keep what is theirs. */
export function place(url: URL): string {
  return shownName(url.href);
}

const connecting: Readonly<Partial<Record<FailureKind, { found?: string; next: string }>>> = {
  "unknown-host": {
    found: "nobody knows a host of that name",
    next: "see whether the name is right: getent hosts HOST",
  },
  refused: {
    found: "nobody listens there",
    next: "see whether the PARTY runs, and on which port",
  },
  "not-tls": {
    found: "a server that does not speak TLS",
    next: "if that is meant, and the way to it can be trusted: --plain-http",
  },
  "unknown-authority": {
    found: "a certificate of an authority that is not known here",
    next: "give the authority's certificate: --ca-file FILE",
  },
  "wrong-name": {
    found: "a certificate for another name",
    next: "address the PARTY by a name in its certificate",
  },
  proxy: {
    next: "see what HTTPS_PROXY and NO_PROXY say, and whether the proxy lets us through",
  },
  expired: {
    found: "a certificate that has expired",
    next: "have the PARTY's certificate renewed",
  },
};

/** No whole answer came. */
export function unanswered(
  { party, givenUp, again }: Errand,
  doing: string,
  url: URL,
  failure: ExchangeFailure,
): Fault {
  const where = { url: place(url) };
  if (failure.kind === "aborted") {
    return new InterruptedError({ code: "interrupted", what: givenUp, where, next: again });
  }
  if (failure.kind === "silent") {
    return new TimeoutError({
      code: `${party}-silent`,
      what: `the ${party} said nothing more while ${doing}`,
      where,
      found: failure.message,
      next: again,
    });
  }
  const known = connecting[failure.kind];
  const never = failure.phase === "connecting";
  return new RemoteError({
    code: never ? `${party}-unreachable` : `${party}-cut`,
    what: never
      ? `the ${party} cannot be reached`
      : failure.kind === "not-http"
        ? `what the ${party} says while ${doing} is no HTTP`
        : `the connection to the ${party} broke while ${doing}`,
    where,
    found: known?.found ?? failure.message,
    next:
      known?.next.replace("PARTY", party) ??
      "try again; see whether a proxy or a firewall is between",
  });
}

/** An answer that breaks the rules of the protocol. */
export function senseless(
  { party }: Pick<Errand, "party">,
  what: string,
  url: URL,
  found: string,
  allowed: string,
): RemoteError {
  return new RemoteError({
    code: `${party}-answer`,
    what,
    where: { url: place(url) },
    found,
    allowed,
    next:
      party === "registry"
        ? "see whether it is a registry, and what stands before it"
        : "see what stands between: a proxy, a cache, another server",
  });
}

export function insecure(url: URL, what: string): RefusedError {
  return new RefusedError({
    code: "insecure",
    what,
    where: { url: place(url) },
    allowed: "https",
    next: "if the way to it can be trusted: --plain-http",
  });
}

/**
 * What is there is not what was there when it was opened. No fault of an archive, which would be told
 * beside what could be read: it would be of two archives.
 */
export function changed(url: URL, found: string, allowed: string): RemoteError {
  return new RemoteError({
    code: "changed",
    what: "the archive was exchanged for another while it was read",
    where: { url: place(url) },
    found,
    allowed,
    next: "wait until whatever writes it has finished, then open it again",
  });
}
