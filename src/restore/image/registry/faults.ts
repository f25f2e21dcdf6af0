import {
  type Fault,
  InterruptedError,
  RefusedError,
  RemoteError,
  TimeoutError,
} from "../../../base/errors.ts";
import type { ExchangeFailure, FailureKind } from "../../../base/exchange-failure.ts";
import { maskText } from "../../../base/mask.ts";
import { quote } from "../../../base/shell.ts";
import { clip } from "../../../base/text.ts";
import type { Answer } from "./http.ts";

/** Where something went, without the query, in which registries keep what is theirs. */
export function place(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

const connecting: Readonly<Partial<Record<FailureKind, { found: string; next: string }>>> = {
  "unknown-host": {
    found: "nobody knows a host of that name",
    next: "see whether the name is right: getent hosts HOST",
  },
  refused: {
    found: "nobody listens there",
    next: "see whether the registry runs, and on which port",
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
    next: "address the registry by a name in its certificate",
  },
  expired: {
    found: "a certificate that has expired",
    next: "have the registry's certificate renewed",
  },
};

/** No whole answer came. */
export function unanswered(doing: string, url: URL, failure: ExchangeFailure): Fault {
  const where = { url: place(url) };
  if (failure.kind === "aborted") {
    return new InterruptedError({
      code: "interrupted",
      what: "the push was given up; the registry has no new image",
      where,
      next: "push again when you like: what the registry has already is not sent again",
    });
  }
  if (failure.kind === "silent") {
    return new TimeoutError({
      code: "registry-silent",
      what: `the registry said nothing more while ${doing}`,
      where,
      found: failure.message,
      next: "push again: what the registry has already is not sent again",
    });
  }
  const known = connecting[failure.kind];
  return new RemoteError({
    code: failure.phase === "connecting" ? "registry-unreachable" : "registry-cut",
    what:
      failure.phase === "connecting"
        ? "the registry cannot be reached"
        : `the connection to the registry broke while ${doing}`,
    where,
    found: known?.found ?? failure.message,
    next: known?.next ?? "try again; see whether a proxy or a firewall is between",
  });
}

/** The registry said no, or something that has no sense. */
export function refused(doing: string, answer: Answer, registry: string): Fault {
  const { status, url } = answer;
  const found = `${status}${saying(answer)}`;
  const where = { url: place(url) };
  const login = `podman login ${quote(registry)}, or docker login ${quote(registry)}`;
  const reasons: Readonly<Record<number, [code: string, what: string, next: string]>> = {
    401: ["unauthorized", "the registry does not let us in", `log in first: ${login}`],
    403: [
      "forbidden",
      "the registry does not let this user push there",
      "ask for the right to push to that repository, or name another",
    ],
    404: [
      "no-repository",
      "the registry knows no such repository, or does not take pushes there",
      "see whether the repository has to be made first, and whether the name is right",
    ],
    413: [
      "too-large",
      "the registry, or a proxy before it, takes no such large pieces",
      "ask who runs it for its limit: we send pieces of 64 MiB",
    ],
    429: ["busy", "the registry wants fewer requests", "push again later"],
  };
  const [code, what, next] = reasons[status] ?? [
    "registry-failed",
    `the registry did not do what was asked while ${doing}`,
    status >= 500
      ? "push again later: what the registry has already is not sent again"
      : "see what it says, and whether it takes OCI images",
  ];
  return new RemoteError({ code, what, where, found, next });
}

/** What a registry says of its refusal (OCI distribution specification, error codes), in short. */
function saying({ text, headers }: Answer): string {
  let said = "";
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] };
    const [first] = Array.isArray(errors) ? errors : [];
    said = [first?.code, first?.message].filter((part) => typeof part === "string").join(": ");
  } catch {
    if (/^text\/plain/.test(headers["content-type"] ?? "")) said = text.split("\n")[0] ?? "";
  }
  return said.trim() === "" ? "" : ` ${clip(maskText(said.trim()), 300)}`;
}

export function senseless(what: string, url: URL, found: string, allowed: string): RemoteError {
  return new RemoteError({
    code: "registry-answer",
    what,
    where: { url: place(url) },
    found,
    allowed,
    next: "see whether it is a registry, and what stands before it",
  });
}

export function wrongDigest(what: string, url: URL, found: string, allowed: string): RemoteError {
  return new RemoteError({
    code: "digest",
    what: `the registry has other bytes than were sent: the digest of the ${what} differs`,
    where: { url: place(url) },
    found: clip(found, 100),
    allowed,
    next: "push again; if it stays so, the registry or a proxy before it changes content",
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
