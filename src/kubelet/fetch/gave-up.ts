import { formatDuration } from "../../base/duration.ts";
import { Fault, InterruptedError, RemoteError, TimeoutError } from "../../base/errors.ts";
import { ExchangeFailure } from "../../base/exchange-failure.ts";
import { noAnswer } from "../answer/no-answer.ts";
import { PodLeft } from "./by-pod.ts";
import { StreamFailure } from "./websocket/messages.ts";

/** What there is to say where an archive was not brought. */
interface NotBrought {
  error: unknown;
  /** On the node. */
  path: string;
  node: string;
  /** URL of the API server, where one was asked. */
  url: string;
  /** Aborted by the user. */
  interrupted: AbortSignal;
  /** Aborted when the time was up. */
  late: AbortSignal;
  /** How long was waited, in milliseconds. */
  patience: number;
}

/** The fault for an archive that was not brought: whatever broke, and where the archive is now. */
export function notBrought(state: NotBrought): unknown {
  const { path, node } = state;
  const { error, notes } = unwrapped(state.error);
  const fault = faultOf(error, state);
  if (fault === undefined) return error;
  const added = [...notes, `the archive lies on ${node}: ${path}`];
  Object.assign(fault.detail, { notes: [...(fault.detail.notes ?? []), ...added] });
  return fault;
}

function unwrapped(error: unknown): { error: unknown; notes: string[] } {
  if (error instanceof PodLeft) return { error: error.cause, notes: [error.message] };
  return { error, notes: [] };
}

function faultOf(error: unknown, state: NotBrought): Fault | undefined {
  const { interrupted, late, patience, url, path } = state;
  if (interrupted.aborted) {
    return new InterruptedError({
      code: "interrupted",
      what: "you stopped before the archive was here, and nothing of it stays here",
      where: { path },
    });
  }
  if (late.aborted) {
    return new TimeoutError({
      code: "fetch-deadline",
      what: `the archive was not here within ${formatDuration(patience)}, and what had come was thrown away`,
      where: { path },
      allowed: "an archive that is brought within --fetch-timeout",
      next: "give it longer: --fetch-timeout 4h",
    });
  }
  if (error instanceof Fault) return error;
  if (error instanceof StreamFailure) return broken(error);
  if (!(error instanceof ExchangeFailure)) return undefined;
  return noAnswer({ name: "the API server", url, role: "api-server" }, error);
}

const words: Readonly<Record<StreamFailure["kind"], readonly [what: string, next: string]>> = {
  cut: [
    "the stream from the pod broke before it was whole, and what had come was thrown away",
    "try again; a proxy or load balancer on the way may cut long streams, and --fetch-command goes around it",
  ],
  silent: [
    "the stream from the pod fell silent, and what had come was thrown away",
    "see whether the node is Ready: kubectl get nodes; then try again",
  ],
  protocol: [
    "what comes from the pod is no stream of Kubernetes's, and it was thrown away",
    "see what stands between here and the API server; --fetch-command goes around it",
  ],
};

function broken({ kind, message }: StreamFailure): RemoteError {
  const [what, next] = words[kind];
  return new RemoteError({ code: `stream-${kind}`, what, found: message, next });
}
