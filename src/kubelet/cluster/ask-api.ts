import type { Clock } from "../../base/clock.ts";
import { formatDuration } from "../../base/duration.ts";
import { type Fault, RemoteError, TimeoutError } from "../../base/errors.ts";
import { ExchangeFailure } from "../../base/exchange-failure.ts";
import { isObject, type JsonObject } from "../../base/json-object.ts";
import { noAnswer } from "../answer/no-answer.ts";
import { forbiddenByApi, unauthenticatedByApi } from "../answer/refused.ts";
import { jsonOf, saying, statusOf } from "../answer/status.ts";
import type { Answer } from "../http/body.ts";
import { type Endpoint, urlOf } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";

/** What a question to the API server needs. */
export interface ApiMeans {
  api: Endpoint;
  clock: Clock;
  /** Aborted by the user. */
  interrupted: AbortSignal;
}

/** Questions of this kind are answered in milliseconds; an API server that is well gives up itself. */
const patience = 30_000;
/** A page of 500 pods has some 5 MiB. */
const pageBytes = 64 * 1024 * 1024;

/**
 * Reads an object of the API, or sends one and reads what comes of it, or removes one.
 * @returns undefined where the API server says that there is no such object.
 * @throws {RemoteError} where it refuses, fails or is not there.
 */
export async function askApi(
  { api, clock, interrupted }: ApiMeans,
  path: string,
  body?: object,
  method: "GET" | "POST" | "DELETE" = body === undefined ? "GET" : "POST",
): Promise<JsonObject | undefined> {
  const url = urlOf(api, path);
  const limit = timeLimit({ clock, interrupted }, patience);
  try {
    const answer = await exchange(
      api,
      {
        method,
        path,
        maxBytes: pageBytes,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      { clock, signal: limit.signal },
    );
    if (answer.status === 404 && statusOf(answer) !== undefined) return undefined;
    return objectIn(answer, url);
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    if (error.kind === "aborted" && limit.passed()) throw tooSlow(url);
    throw noAnswer({ name: "the API server", url, role: "api-server" }, error);
  } finally {
    limit.cancel();
  }
}

/** A signal for a call that is given up after a while, or when the user gives up. */
export function timeLimit(
  { clock, interrupted }: Pick<ApiMeans, "clock" | "interrupted">,
  milliseconds: number,
): { signal: AbortSignal; passed: () => boolean; cancel: () => void } {
  const limit = new AbortController();
  const cancel = clock.timer(milliseconds, () => limit.abort());
  const signal = AbortSignal.any([limit.signal, interrupted]);
  return { signal, passed: () => limit.signal.aborted, cancel };
}

function tooSlow(url: string): Fault {
  const time = formatDuration(patience);
  return new TimeoutError({
    code: "api-server-silent",
    what: `the API server did not answer within ${time}`,
    where: { url },
    found: "silence on an open connection",
    next: "see whether kubectl get nodes answers; nothing was asked of the kubelet",
  });
}

function objectIn(answer: Answer, url: string): JsonObject {
  const { status } = answer;
  if (status === 401) throw unauthenticatedByApi(answer).at({ url });
  if (status === 403) throw forbiddenByApi(answer).at({ url });
  const value = jsonOf(answer.body);
  if (status >= 200 && status <= 202 && isObject(value)) return value;
  const said = statusOf(answer);
  if (said !== undefined) {
    throw new RemoteError({
      code: "api-server-failed",
      what: "the API server does not answer the question",
      where: { url },
      found: saying(answer),
      next: status < 500 ? "see whether names and selector are right" : "try again in a while",
    });
  }
  throw new RemoteError({
    code: "unexpected-answer",
    what: "what answers for the API server does not answer as one does",
    where: { url },
    found: status === 200 ? "200 with something that is no JSON object" : saying(answer),
    next: "see whether the kubeconfig's server is an API server: a login page and a proxy answer so",
  });
}
