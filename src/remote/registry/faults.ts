import { type Fault, RemoteError } from "../../base/errors.ts";
import { maskText } from "../../base/mask.ts";
import { quote } from "../../base/shell.ts";
import { clip } from "../../base/text.ts";
import { type Errand, place, pushing } from "../faults.ts";
import type { Answer } from "../http/send.ts";

type Reasons = Readonly<Record<number, [code: string, what: string, next: string]>>;

const ofPush: Reasons = {
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
};

const ofPull: Reasons = {
  403: [
    "forbidden",
    "the registry does not let this user read there",
    "ask for the right to pull from that repository",
  ],
  404: [
    "no-image",
    "the registry knows no such image",
    "see whether repository, tag or digest are right: skopeo list-tags docker://NAME",
  ],
};

/** The registry said no, or something that has no sense. */
export function refused(errand: Errand, doing: string, answer: Answer, registry: string): Fault {
  const { status, url } = answer;
  const found = `${status}${saying(answer)}`;
  const where = { url: place(url) };
  const login = `podman login ${quote(registry)}, or docker login ${quote(registry)}`;
  const reasons: Reasons = {
    401: ["unauthorized", "the registry does not let us in", `log in first: ${login}`],
    ...(errand === pushing ? ofPush : ofPull),
    413: [
      "too-large",
      "the registry, or a proxy before it, takes no such large pieces",
      "ask who runs it for its limit: we send pieces of 64 MiB",
    ],
    429: ["busy", "the registry wants fewer requests", `${errand.again}, later`],
  };
  const [code, what, next] = reasons[status] ?? [
    "registry-failed",
    `the registry did not do what was asked while ${doing}`,
    status >= 500 ? errand.again : "see what it says, and whether it knows OCI images",
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

export function wrongDigest(
  what: string,
  url: URL,
  found: string,
  allowed: string,
  errand: Errand = pushing,
): RemoteError {
  return new RemoteError({
    code: "digest",
    what:
      errand === pushing
        ? `the registry has other bytes than were sent: the digest of the ${what} differs`
        : `the registry gives other bytes than were asked for: the digest of the ${what} differs`,
    where: { url: place(url) },
    found: clip(found, 100),
    allowed,
    next: `${errand === pushing ? "push" : "try"} again; if it stays so, the registry or a proxy before it changes content`,
  });
}
