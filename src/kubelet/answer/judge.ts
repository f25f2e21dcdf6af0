import { type Fault, RemoteError } from "../../base/errors.ts";
import { isObject } from "../../base/json-object.ts";
import { type Asked, nodeOf } from "../asked.ts";
import type { Answer } from "../http/body.ts";
import { failed } from "./failed.ts";
import { apiServerInstead, notFound } from "./not-found.ts";
import { forbidden, unauthenticated } from "./refused.ts";
import { jsonOf, saying, speakerOf, statusOf } from "./status.ts";
import { unreached } from "./unreached.ts";

/** Paths on the node of the archives that were made, or why there are none. */
type Verdict = { paths: readonly string[] } | { fault: Fault };

/** What an answer to a checkpoint call means. */
export function judge(asked: Asked, answer: Answer): Verdict {
  const { status } = answer;
  if (status === 200) return success(asked, answer);
  return { fault: refusal(asked, answer).at(placeOf(asked)) };
}

function placeOf({ url, node }: Asked): { url: string; node?: string } {
  return node === undefined ? { url } : { url, node };
}

function refusal(asked: Asked, answer: Answer): Fault {
  const { status } = answer;
  // An API server that was taken for a kubelet refuses for reasons that are beside the point.
  if (asked.route === "direct" && statusOf(answer) !== undefined) return apiServerInstead(answer);
  if (status >= 300 && status < 400) return redirected(asked, answer);
  if (status === 400) return badRequest(asked, answer);
  if (status === 401) return unauthenticated(asked, answer);
  if (status === 403) return forbidden(asked, answer);
  if (status === 404) return notFound(asked, answer);
  if (status === 405) return wrongMethod(asked, answer);
  if (status === 429) return tooMany(answer);
  if (status === 500 && speakerOf(answer) !== "somebody") return failed(asked, answer);
  if (status >= 502 && status <= 504) return unreached(asked, answer);
  return new RemoteError({
    code: "unexpected-answer",
    what: `${nodeOf(asked)} gave an answer that kubelets and API servers do not give`,
    found: saying(answer),
    next: "see what really answers at this address",
  });
}

function success(asked: Asked, answer: Answer): Verdict {
  const value = jsonOf(answer.body);
  const items = isObject(value) ? value["items"] : undefined;
  const paths = Array.isArray(items) ? items.filter((item) => typeof item === "string") : [];
  if (paths.length > 0 && paths.every((path) => path.startsWith("/"))) return { paths };
  const empty = answer.body.trim() === "";
  const fault = new RemoteError({
    code: empty ? "empty-answer" : "unexpected-answer",
    what: empty
      ? `${nodeOf(asked)} said yes and named no archive`
      : `what answers for ${nodeOf(asked)} says yes, but not as a kubelet does`,
    found: saying(answer),
    allowed: '{"items":["/PATH/ON/THE/NODE"]}',
    next: "see what really answers at this address; if it is the kubelet, look into its checkpoints folder",
  });
  return { fault: fault.at(placeOf(asked)) };
}

function redirected(asked: Asked, answer: Answer): Fault {
  return new RemoteError({
    code: "redirect",
    what: `what answers for ${nodeOf(asked)} sends the call elsewhere, which no kubelet and no API server does`,
    found: `${answer.status} to ${answer.headers["location"] ?? "nowhere"}`,
    allowed:
      "an answer; redirects are not followed, so that no token goes where you did not send it",
    next: "give the address that it names if you trust it, or see what answers here: a login page, a proxy",
  });
}

function badRequest(asked: Asked, answer: Answer): Fault {
  if (/HTTP request to an HTTPS server/.test(answer.body)) {
    return new RemoteError({
      code: "plain-http",
      what: `${nodeOf(asked)} speaks TLS, and was asked without it`,
      found: saying(answer),
      allowed: "an address that begins with https://",
      next: "write https:// instead of http://",
    });
  }
  return new RemoteError({
    code: "bad-request",
    what: `${nodeOf(asked)} does not understand the call`,
    found: saying(answer),
    next: "see what really answers at this address",
  });
}

function wrongMethod(asked: Asked, answer: Answer): Fault {
  return new RemoteError({
    code: "wrong-method",
    what: `${nodeOf(asked)} got the call by another method than POST`,
    found: saying(answer),
    allowed: answer.headers["allow"] ?? "POST",
    next: "look for a proxy on the way that changes requests",
  });
}

function tooMany(answer: Answer): Fault {
  const after = answer.headers["retry-after"];
  return new RemoteError({
    code: "too-many-requests",
    what: "the API server has too much to do and turned the call away",
    found: saying(answer),
    next: after === undefined ? "try again in a while" : `try again in ${after} s`,
  });
}
