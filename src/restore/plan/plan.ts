import { apiVersion, type Document } from "../../base/document.ts";
import type { Problem } from "../../base/problem.ts";
import type { NodeFacts } from "../../node/facts.ts";
import type { Answer } from "../../node/verdicts/row.ts";
import { chosenEngine } from "../../node/verdicts/runtime.ts";
import type { Engine } from "../../runtime/engine.ts";
import type { RestoreNeeds } from "../needs.ts";
import { archiveRows } from "./archive.ts";
import { clusterRows } from "./cluster.ts";
import { criuRows } from "./criu.ts";
import { imageRows } from "./image.ts";
import { machineRows } from "./machine.ts";
import { networkRows } from "./network.ts";
import { nodeRows } from "./node.ts";
import { dumpedBy, type PlanRow, type PlanSubject, type RestoreRuntime } from "./row.ts";
import { runtimeRows } from "./runtime.ts";
import { securityRows } from "./security.ts";
import { storageRows } from "./storage.ts";

/** Will an archive come back at a place, and what is against it. */
export interface RestorePlan extends Document<"RestorePlan"> {
  path: string;
  container: {
    engine: string | null;
    name: string | null;
    pod: string | null;
    namespace: string | null;
  };
  /** Null where no place was named: then the rows tell what any place has to have. */
  target: { source: "host" | "api"; name: string | null; root: string | null } | null;
  /** What restores; null where nothing tells. */
  runtime: RestoreRuntime | null;
  /** `unknown`: not yet; nothing required says no, and something required cannot be told. */
  answer: Answer;
  /** Rows that say no, or those that cannot be told where none says no. */
  because: { id: string; what: string }[];
  rows: PlanRow[];
  /** What is wrong with the archive, or could not be read of the place. */
  problems: Problem[];
}

export interface PlanOptions {
  /** What restores; told by the place and the archive where it is left out. */
  runtime?: RestoreRuntime;
  /** Milliseconds since 1970. */
  now: number;
  /** Is there something at a path of the target? Undefined where that cannot be seen. */
  look?: (path: string) => boolean | undefined;
  problems?: readonly Problem[];
}

/**
 * Compares what an archive asks with what a place has. Never throws: what is not known of either is
 * a row that cannot be told.
 * @param target undefined: requirements alone
 */
export function planRestore(
  needs: RestoreNeeds,
  target: NodeFacts | undefined,
  options: PlanOptions,
): RestorePlan {
  const subject: PlanSubject = {
    needs,
    target,
    runtime: options.runtime ?? runtimeOf(needs, target),
    now: options.now,
    look: options.look,
  };
  const rows = [
    ...archiveRows(subject),
    ...machineRows(subject),
    ...criuRows(subject),
    ...runtimeRows(subject),
    ...imageRows(subject),
    ...storageRows(subject),
    ...networkRows(subject),
    ...securityRows(subject),
    ...clusterRows(subject),
    ...nodeRows(subject),
  ];
  const { container, engine } = needs;
  return {
    apiVersion,
    kind: "RestorePlan",
    path: needs.path,
    container: {
      engine: engine.value,
      name: container.name.value,
      pod: container.pod.value,
      namespace: container.namespace.value,
    },
    target:
      target === undefined ? null : { source: target.source, name: target.name, root: target.root },
    runtime: subject.runtime ?? null,
    ...conclude(rows),
    rows,
    problems: [...(options.problems ?? []), ...(target?.problems ?? [])],
  };
}

/** A pod's archive is restored by the place's own CRI runtime, Podman's by Podman. */
function runtimeOf(needs: RestoreNeeds, target: NodeFacts | undefined): RestoreRuntime | undefined {
  const made = needs.engine.value;
  if (made === "criu") return dumpedBy(needs);
  const own = restores[made ?? "unknown"];
  if (target === undefined || (own !== "containerd" && own !== "cri-o")) return own;
  const engine = chosenEngine(target);
  return typeof engine === "object" ? engine.engine : own;
}

/** Who restores the archives of an engine; undefined where nobody is known to. */
const restores: Readonly<Record<Engine, RestoreRuntime | undefined>> = {
  "cri-o": "cri-o",
  containerd: "containerd",
  podman: "podman",
  criu: undefined,
  unknown: undefined,
};

function conclude(rows: readonly PlanRow[]): Pick<RestorePlan, "answer" | "because"> {
  for (const answer of ["no", "unknown"] as const) {
    const because = rows
      .filter(({ required, verdict }) => required && verdict === answer)
      .map(({ id, what }) => ({ id, what }));
    if (because.length > 0) return { answer, because };
  }
  return { answer: "yes", because: [] };
}
