import { parseSeconds } from "../../../base/duration.ts";
import { UsageError } from "../../../base/errors.ts";
import { defaultDeadline, type Patience } from "../../../kubelet/call.ts";
import { type ClusterWish, clusterFlags } from "../../../kubelet/cluster/access.ts";
import type { KubeletOptions } from "../../../kubelet/direct.ts";
import type { CommonOptions } from "../../options.ts";

export interface CheckpointOptions extends CommonOptions, KubeletOptions, ClusterWish {
  namespace?: string;
  container?: string;
  selector?: string;
  allContainers?: boolean;
  dryRun?: boolean;
  parallel: string;
  timeout?: string;
  requestTimeout?: string;
  route: "auto" | "proxy" | "direct" | "local";
  kubelet?: string;
  fetch?: string;
  fetchCommand?: string;
  fetchImage: string;
  namespaceForFetch?: string;
  fetchTimeout?: string;
  removeRemote?: boolean;
}

/** What the options say of time, before anything is sent. */
export function patienceOf(
  { timeout, requestTimeout }: Pick<CheckpointOptions, "timeout" | "requestTimeout">,
  kubelet?: bigint,
): Patience {
  const told = seconds("--timeout", timeout);
  const waited = seconds("--request-timeout", requestTimeout);
  if (waited === undefined) return { timeout: told, deadline: defaultDeadline(told, kubelet) };
  return {
    timeout: told,
    deadline: waited === 0n ? Number.POSITIVE_INFINITY : Number(waited) * 1000,
  };
}

/** Whole seconds of an option that takes a time. */
export function seconds(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const parsed = parseSeconds(text);
  if ("seconds" in parsed) return parsed.seconds;
  throw new UsageError({
    code: "duration",
    what: `${option} is no time: ${parsed.fault}`,
    found: text.length > 60 ? `${text.slice(0, 60)}…` : text,
    allowed: "whole seconds (90) or a duration (1h30m, 5m, 90s), at most 9223372036 s",
    next: "cryoscope checkpoint --help",
  });
}

export function parallelOf({ parallel }: CheckpointOptions): number {
  if (/^[1-9]\d{0,3}$/.test(parallel)) return Number(parallel);
  throw new UsageError({
    code: "parallel",
    what: "--parallel is no count",
    found: parallel,
    allowed: "1 to 9999",
    next: "cryoscope checkpoint --help",
  });
}

/** Options that contradict each other, and targets that are missing. */
export function checkOptions(targets: readonly string[], options: CheckpointOptions): void {
  const usage = (what: string, found: string, allowed: string): UsageError =>
    new UsageError({ what, found, allowed, next: "cryoscope checkpoint --help" });
  const { selector, container, kubelet, allContainers, route } = options;
  if (targets.length === 0 && selector === undefined) {
    throw usage("no container is named", "no target", "NAMESPACE/POD/CONTAINER, or -l LABELS");
  }
  if (selector?.trim() === "") throw usage("-l selects nothing", "-l ''", "-l app=shop");
  if (container !== undefined && allContainers === true) {
    throw usage("-c names one container", "-c and --all-containers", "one of the two");
  }
  const around = kubelet === undefined ? "--route local" : "--kubelet";
  if (kubelet === undefined && route !== "local") return;
  const contrary: readonly [string, boolean][] = [
    ["-l", selector !== undefined],
    ["--all-containers", allContainers === true],
    ["--route proxy", route === "proxy"],
    ["--route local", kubelet !== undefined && route === "local"],
    ...clusterFlags.map((flag): [string, boolean] => [`--${flag}`, options[flag] !== undefined]),
  ];
  const found = contrary.find(([, given]) => given);
  if (found === undefined) return;
  throw usage(
    `${found[0]} does not go with ${around}, which asks one kubelet and no API server`,
    `${around} and ${found[0]}`,
    "one of the two",
  );
}
