import type { Clock } from "../base/clock.ts";
import { Fault } from "../base/errors.ts";
import { ExchangeFailure } from "../base/exchange-failure.ts";
import { judge } from "./answer/judge.ts";
import { type GivenUp, noVerdict } from "./answer/no-answer.ts";
import type { Asked, Target } from "./asked.ts";
import { type Endpoint, urlOf } from "./http/endpoint.ts";
import { exchange } from "./http/exchange.ts";

/** How long the parties may take. */
export interface Patience {
  /** What the kubelet is told, in seconds; undefined leaves it to the runtime. */
  timeout: bigint | undefined;
  /** What we wait for an answer, in milliseconds; Infinity for ever. */
  deadline: number;
}

/** The kubelet's own runtimeRequestTimeout where it was not changed, in seconds. */
const kubeletPatience = 120n;
const afterwards = 30n;

/**
 * How long to wait where nobody said: longer than the kubelet, so that its answer arrives.
 * @param kubelet its runtimeRequestTimeout in seconds, where that is known.
 */
export function defaultDeadline(timeout: bigint | undefined, kubelet = kubeletPatience): number {
  const longer = timeout !== undefined && timeout > kubelet ? timeout : kubelet;
  return Number(longer + afterwards) * 1000;
}

/** Query of the call; without a timeout there is none. */
export function timeoutQuery(timeout: bigint | undefined): string {
  if (timeout === undefined || timeout === 0n) return "";
  return `?timeout=${timeout}`;
}

/** Path of the kubelet's call. */
export function checkpointPath({ namespace, pod, container }: Target): string {
  return `/checkpoint/${[namespace, pod, container].map(encodeURIComponent).join("/")}`;
}

/** An answer names a path; a megabyte holds thousands. */
const answerBytes = 1024 * 1024;

/** Everything that one call needs. */
interface Call {
  endpoint: Endpoint;
  /** Path and query below the endpoint. */
  path: string;
  asked: Omit<Asked, "url">;
  deadline: number;
  clock: Clock;
  /** Aborted by the user. */
  interrupted: AbortSignal;
}

/**
 * Asks for one checkpoint and waits for the answer.
 * @returns paths of archives on the node.
 * @throws {RemoteError} for every refusal, failure and broken connection.
 * @throws {TimeoutError} when a deadline passes, ours or the runtime's.
 * @throws {InterruptedError} when the user stops it.
 */
export async function requestCheckpoint(call: Call): Promise<readonly string[]> {
  const { endpoint, path, deadline, clock, interrupted } = call;
  const asked: Asked = { ...call.asked, url: urlOf(endpoint, path) };
  const limit = new AbortController();
  const cancel = Number.isFinite(deadline)
    ? clock.timer(deadline, () => limit.abort())
    : (): void => {};
  const signal = AbortSignal.any([limit.signal, interrupted]);
  try {
    const ask = { method: "POST", path, maxBytes: answerBytes } as const;
    const verdict = judge(asked, await exchange(endpoint, ask, { clock, signal }));
    if ("fault" in verdict) throw verdict.fault;
    return verdict.paths;
  } catch (error) {
    if (error instanceof Fault || !(error instanceof ExchangeFailure)) throw error;
    throw noVerdict(asked, error, reasonOf(limit.signal, interrupted, deadline));
  } finally {
    cancel();
  }
}

function reasonOf(
  limit: AbortSignal,
  interrupted: AbortSignal,
  milliseconds: number,
): GivenUp | undefined {
  if (interrupted.aborted) return { by: "interrupt" };
  return limit.aborted ? { by: "deadline", milliseconds } : undefined;
}
