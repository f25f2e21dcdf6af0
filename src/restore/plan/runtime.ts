import type { EngineFacts, NodeFacts } from "../../node/facts.ts";
import { chosenEngine } from "../../node/verdicts/runtime.ts";
import {
  cannotTell,
  dumpedBy,
  isPod,
  needsOf,
  no,
  noTarget,
  type PlanNeed,
  type PlanRow,
  type PlanSubject,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("runtime", sources.oci);

/** Who restores: is it there, does it read this archive, and has it the right OCI runtime? */
export function runtimeRows(subject: PlanSubject): PlanRow[] {
  return [runtimeRow(subject), readsRow(subject), ociRow(subject)].filter(
    (row) => row !== undefined,
  );
}

/** What the place has, where a runtime was asked for. */
function runtimeRow(subject: PlanSubject): PlanRow {
  const { runtime, target } = subject;
  const wanted = need("runtime", "what restores is there", runtime ?? "a runtime", {
    source: sources.nodeStatus,
  });
  if (runtime === undefined) {
    return cannotTell(wanted, "neither the archive nor the place tells", "name one: --runtime");
  }
  if (target === undefined) return cannotTell(wanted, noTarget);
  if (!isPod(subject)) {
    const tool = target.tools.find(({ name }) => name === runtime);
    if (tool === undefined) return cannotTell(wanted, "the API does not tell of programs");
    if (tool.path === null) return no(wanted, "not installed", `install ${runtime}`);
    return yes(wanted, tool.version.value ?? tool.path);
  }
  const engine = engineOf(target, runtime);
  if (typeof engine === "string") return no(wanted, engine, `restore on a node with ${runtime}`);
  if (engine === undefined) {
    if (target.kubelet === null) {
      return no(
        wanted,
        "not installed",
        "restore on a node of a cluster, or name another --runtime",
      );
    }
    return cannotTell(wanted, "the kubelet's endpoint names neither CRI-O nor containerd");
  }
  const found = `${engine.engine} ${engine.version.value ?? ""}`.trim();
  if (engine.engine === runtime) return yes(wanted, found);
  return no(wanted, found, `restore on a node with ${runtime}, or make a bundle for a bench`);
}

/** The engine behind the kubelet's endpoint; without a kubelet the one that was asked for. */
function engineOf(
  target: NodeFacts,
  runtime: PlanSubject["runtime"],
): EngineFacts | string | undefined {
  const chosen = chosenEngine(target);
  if (chosen !== undefined || target.kubelet !== null) return chosen;
  return target.engines.find(({ engine }) => engine === runtime);
}

/** Each engine reads files of its own out of an archive. */
function readsRow({ needs, runtime }: PlanSubject): PlanRow | undefined {
  if (runtime === undefined || runtime === "runc" || runtime === "crun") return undefined;
  const made = needs.engine;
  const source = sources[runtime === "cri-o" ? "crio" : runtime];
  const wanted = need("archive-form", `${runtime} reads this archive`, `one that ${runtime} made`, {
    topic: "archive",
    evidence: made.value === null ? null : made.evidence,
    source,
  });
  if (made.value === null) return cannotTell(wanted, made.evidence);
  if (made.value === runtime) {
    return runtime === "containerd"
      ? containerdFiles(wanted, needs.statusDump)
      : yes(wanted, runtime);
  }
  if (runtime === "podman") {
    const why = `Podman restores what it made; nobody tried an archive of ${made.value}`;
    return cannotTell(wanted, why, "restore bundle brings it back with the OCI runtime alone");
  }
  const lacks = runtime === "containerd" ? "status.dump" : "CRI-O's annotations in spec.dump";
  return no(
    wanted,
    `made by ${made.value}: without ${lacks}`,
    `restore with ${made.value}, or with the OCI runtime alone: restore bundle`,
  );
}

/** containerd 2.0 wrote archives that no containerd restores. */
function containerdFiles(wanted: PlanNeed, hasStatus: boolean): PlanRow {
  if (hasStatus) return yes(wanted, "containerd 2.1 or newer made it");
  return no(
    wanted,
    "without status.dump, as containerd 2.0 makes them",
    "checkpoint again with containerd 2.1 or newer, or restore it by restore bundle",
  );
}

/** runc and crun name mounts from outside differently, so one cannot take the other's. */
function ociRow(subject: PlanSubject): PlanRow | undefined {
  const { needs, target, runtime } = subject;
  const made = dumpedBy(needs);
  if (made === undefined) return undefined;
  const wanted = need("same-oci-runtime", "the OCI runtime of the dump restores it", made, {
    evidence: needs.ociRuntime.evidence,
  });
  if (runtime === "runc" || runtime === "crun") {
    const maps = "restore bundle maps the mounts that the other names otherwise";
    return yes(wanted, runtime === made ? runtime : `${runtime}: ${maps}`);
  }
  if (target === undefined) return cannotTell(wanted, noTarget);
  if (runtime !== "podman") return engineRow(wanted, target, made, runtime);
  const found = target.tools.find(({ name }) => name === made);
  if (found === undefined) return cannotTell(wanted, "the API does not tell of programs");
  if (found.path === null) return no(wanted, "not installed", `install ${made}`);
  return yes(wanted, `${made} ${found.version.value ?? ""}: podman --runtime ${made}`.trim());
}

/** The OCI runtime that a CRI runtime uses, or may be asked for by a runtimeClass. */
function engineRow(
  wanted: PlanNeed,
  target: NodeFacts,
  made: "runc" | "crun",
  runtime: PlanSubject["runtime"],
): PlanRow {
  const engine = engineOf(target, runtime);
  if (engine === undefined || typeof engine === "string") {
    return cannotTell(wanted, "the node's runtime is not known");
  }
  const { runtimePath, defaultRuntime } = engine;
  const used = /(?:^|\/)(runc|crun)$/.exec(runtimePath.value ?? defaultRuntime.value ?? "")?.[1];
  if (used === made) return yes(wanted, `${made} by default`);
  if (target.api?.handlers.includes(made) === true)
    return yes(wanted, `there is a handler ${made}`);
  if (used !== undefined) {
    const remedy = `a runtimeClass with the handler ${made}: else mnt: No mapping for …`;
    return no(wanted, `${used} by default`, remedy);
  }
  if (made === "runc" && runtime === "containerd")
    return yes(wanted, "containerd's default is runc");
  return cannotTell(wanted, defaultRuntime.evidence, `crictl info, or crio config, shows ${made}`);
}
