import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";

/** How far a pod with one container is. */
export type PodState =
  | { state: "running" }
  /** It may still come: why it has not yet. */
  | { state: "waiting"; why: string }
  /** The image cannot be had. */
  | { state: "no-image"; why: string }
  /** It will not run, or no more. */
  | { state: "ended"; why: string };

const noImage = new Set(["ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const neverStarts = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
  "StartError",
]);

/** What a pod object says of its state. */
export function podState(pod: JsonObject): PodState {
  const phase = valueAt(pod, "status", "phase");
  if (phase === "Failed" || phase === "Succeeded") return { state: "ended", why: endOf(pod) };
  if (valueAt(pod, "metadata", "deletionTimestamp") !== undefined) {
    return { state: "ended", why: "somebody removed it" };
  }
  const state = containerState(pod);
  if (isObject(state?.["running"])) return { state: "running" };
  if (isObject(state?.["terminated"])) return { state: "ended", why: endOf(pod) };
  const waiting = state?.["waiting"];
  const reason = text(valueAt(waiting, "reason"));
  const why = joined(reason, text(valueAt(waiting, "message")));
  if (noImage.has(reason)) return { state: "no-image", why };
  if (neverStarts.has(reason)) return { state: "ended", why };
  return { state: "waiting", why: why === "" ? "the kubelet has not taken it up" : why };
}

function containerState(pod: JsonObject): JsonObject | undefined {
  const statuses = valueAt(pod, "status", "containerStatuses");
  const [first]: unknown[] = Array.isArray(statuses) ? statuses : [];
  const state = valueAt(first, "state");
  return isObject(state) ? state : undefined;
}

/** The pod's own reason (Evicted, OutOfcpu), or its container's. */
function endOf(pod: JsonObject): string {
  const own = joined(
    text(valueAt(pod, "status", "reason")),
    text(valueAt(pod, "status", "message")),
  );
  if (own !== "") return own;
  const end = containerState(pod)?.["terminated"];
  const said = joined(text(valueAt(end, "reason")), text(valueAt(end, "message")));
  const code = valueAt(end, "exitCode");
  return said === "" || typeof code !== "number"
    ? said || "no reason given"
    : `${said} (exit code ${code})`;
}

function joined(reason: string, message: string): string {
  return [reason, message]
    .filter((part) => part !== "")
    .join(": ")
    .slice(0, 600);
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
