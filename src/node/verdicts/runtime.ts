import { settingOf } from "../../kubelet/config/effective.ts";
import type { EngineFacts, NodeFacts } from "../facts.ts";
import { atLeast } from "../version.ts";
import { cannotTell, type Need, no, sources, type Verdict, yes } from "./row.ts";

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "runtime",
  what,
  needed,
  source: sources.containerd,
  purposes: ["checkpoint", "restore"],
  required: true,
  ...more,
});

/** The container runtime's part: which one the kubelet uses, and whether it can and may. */
export function runtimeVerdicts(facts: NodeFacts): Verdict[] {
  const rows = facts.kubelet === null ? [] : cri(facts);
  return [...rows, ...ociRuntimes(facts), podman(facts)];
}

function cri(facts: NodeFacts): Verdict[] {
  const wanted = need("runtime", "the container runtime can checkpoint", "CRI-O or containerd");
  const engine = chosenEngine(facts);
  if (typeof engine === "string") {
    return [no(wanted, engine, "use CRI-O 1.30 or newer, or containerd 2.1 or newer")];
  }
  if (engine === undefined) {
    const why = "the kubelet's endpoint names neither CRI-O nor containerd, or none was found";
    return [socketRow(facts), cannotTell(wanted, why)].filter((row) => row !== undefined);
  }
  const rows = engine.engine === "containerd" ? containerd(engine) : crio(engine);
  return [socketRow(facts), ...rows].filter((row) => row !== undefined);
}

/** The engine behind the kubelet's endpoint; a text where it is one that cannot checkpoint. */
export function chosenEngine(facts: NodeFacts): EngineFacts | string | undefined {
  const endpoint =
    settingOf(facts.kubelet?.effective?.settings ?? [], "containerRuntimeEndpoint", "string") ?? "";
  const told = facts.api?.runtime ?? endpoint;
  if (/^docker:|dockerd|dockershim/.test(told)) return "Docker through cri-dockerd";
  const named = /crio|cri-o/.test(told) ? "cri-o" : /containerd/.test(told) ? "containerd" : null;
  return facts.engines.find(({ engine }) => engine === named);
}

function socketRow({ kubelet }: NodeFacts): Verdict | undefined {
  const socket = kubelet?.runtimeSocket;
  if (socket == null) return undefined;
  const wanted = need("runtime-socket", "the runtime listens", `a socket at ${socket.path}`);
  if (socket.state === "unreadable") return cannotTell(wanted, socket.why ?? "not readable");
  if (socket.kind === "socket") return yes(wanted, socket.path);
  const found = socket.state === "absent" ? "nothing there" : `a ${socket.kind}`;
  return no(wanted, found, "start the runtime, or mend containerRuntimeEndpoint");
}

function containerd(engine: EngineFacts): Verdict[] {
  const checkpoint = need("containerd-checkpoint", "containerd can checkpoint", "2.0 or newer", {
    purposes: ["checkpoint"],
  });
  const restore = need("containerd-restore", "containerd can restore", "2.1 to 2.3", {
    purposes: ["restore"],
  });
  const { version } = engine;
  const enough = version.value === null ? undefined : atLeast(version.value, 2, 0);
  if (version.value === null || enough === undefined) {
    return [cannotTell(checkpoint, version.evidence), cannotTell(restore, version.evidence)];
  }
  const upgrade = "upgrade containerd to 2.1 or newer";
  if (!enough) {
    return [no(checkpoint, version.value, upgrade), no(restore, version.value, upgrade)];
  }
  const off = engine.criuSupport.value === false;
  return [
    off
      ? no(checkpoint, "enable_criu = false", "set enable_criu = true in the CRI plug-in's section")
      : yes(checkpoint, version.value),
    containerdRestore(engine, version.value, restore),
  ];
}

function containerdRestore(engine: EngineFacts, version: string, wanted: Need): Verdict {
  if (atLeast(version, 2, 1) === false) return no(wanted, version, "upgrade to 2.1 or newer");
  if (atLeast(version, 2, 4) === true) {
    return no(
      wanted,
      `${version}, which restores no more through CreateContainer`,
      "restore with 2.3, or wait for RestorePod",
    );
  }
  if (engine.criuSupport.value === false) {
    return no(wanted, "enable_criu = false", "set enable_criu = true");
  }
  const late = atLeast(version, 2, 3) === true ? [2, 3, 4] : [2, 2, 7];
  if (atLeast(version, ...late) === false) return yes(wanted, `${version}, on by default`);
  const setting = "enable_experimental_restore_via_create";
  if (engine.restoreViaCreate.value === true) return yes(wanted, `${version}, ${setting} = true`);
  if (engine.restoreViaCreate.value === null && engine.configFiles.length === 0) {
    return cannotTell(
      wanted,
      `${version} has it off by default; ${engine.restoreViaCreate.evidence}`,
    );
  }
  return no(
    wanted,
    `${version}, off`,
    `[plugins."io.containerd.cri.v1.runtime"] ${setting} = true, if whoever may name images is trusted`,
  );
}

function crio(engine: EngineFacts): Verdict[] {
  const more: Partial<Need> = { source: sources.crio };
  const checkpoint = need(
    "crio-checkpoint",
    "CRI-O can checkpoint",
    "1.25 or newer, enable_criu_support",
    {
      ...more,
      purposes: ["checkpoint"],
    },
  );
  const restore = need("crio-restore", "CRI-O can restore", "the same, and no signature_policy", {
    ...more,
    purposes: ["restore"],
  });
  const { version } = engine;
  const enough = version.value === null ? undefined : atLeast(version.value, 1, 25);
  if (version.value === null || enough === undefined) {
    return [cannotTell(checkpoint, version.evidence), cannotTell(restore, version.evidence)];
  }
  const refusal = crioRefusal(engine, version.value);
  if (refusal !== undefined) {
    return [no(checkpoint, ...refusal), no(restore, ...refusal)];
  }
  const set = engine.criuSupport.value;
  const found = `${version.value}, enable_criu_support ${set === null ? "on by default" : "= true"}`;
  return [yes(checkpoint, found), crioRestore(engine, found, restore)];
}

/** What keeps CRI-O from both, with the remedy. */
function crioRefusal(engine: EngineFacts, version: string): [string, string] | undefined {
  const upgrade = "upgrade CRI-O to 1.30 or newer";
  if (atLeast(version, 1, 25) === false) return [version, upgrade];
  const byDefault = atLeast(version, 1, 30) === true;
  if (!(engine.criuSupport.value ?? byDefault)) {
    const how = engine.criuSupport.value === null ? "off by default" : "= false";
    return [
      `${version}, enable_criu_support ${how}`,
      "[crio.runtime] enable_criu_support = true in /etc/crio/crio.conf.d, then restart crio",
    ];
  }
  if (engine.containerLevel.value === "none") {
    return [
      'container_level_enabled = "none"',
      '[crio.checkpoint_restore] container_level_enabled = "checkpoint_restore"',
    ];
  }
  return undefined;
}

function crioRestore(engine: EngineFacts, found: string, wanted: Need): Verdict {
  if (engine.containerLevel.value === "checkpoint_only") {
    return no(
      wanted,
      'container_level_enabled = "checkpoint_only"',
      '[crio.checkpoint_restore] container_level_enabled = "checkpoint_restore"',
    );
  }
  if (engine.signaturePolicy.value !== null) {
    return no(
      wanted,
      `signature_policy = ${engine.signaturePolicy.value}`,
      "CRI-O refuses checkpoint images where a signature policy is set: unset it on nodes that restore",
    );
  }
  return yes(wanted, found);
}

/** runc and crun: the one that the engine uses has to know CRIU. */
function ociRuntimes(facts: NodeFacts): Verdict[] {
  const engine = chosenEngine(facts);
  const chosen = typeof engine === "object" ? engine : undefined;
  const name = runtimeName(chosen);
  const wanted = need("oci-runtime", "the OCI runtime knows CRIU", "runc or crun with CRIU", {
    source: sources.oci,
    purposes: ["checkpoint", "restore", "podman"],
  });
  const installed = facts.tools.filter(
    ({ name: tool, path }) => path !== null && (tool === "runc" || tool === "crun"),
  );
  if (facts.source === "api") return [cannotTell(wanted, "the API does not tell")];
  const used = installed.filter((tool) => name === undefined || tool.name === name);
  const candidates = used.length === 0 ? installed : used;
  if (candidates.length === 0) {
    return [no(wanted, "neither runc nor crun", "install runc or crun with CRIU support")];
  }
  const able = candidates.find(({ checkpoint }) => checkpoint?.value === true);
  if (able !== undefined) {
    const row = yes(wanted, `${able.name} ${able.version.value ?? ""}`.trim());
    return [row, ...crunLibrary(facts, able.name)];
  }
  const silent = candidates.find(({ checkpoint }) => checkpoint?.value === null);
  if (silent !== undefined) {
    return [cannotTell(wanted, `${silent.name}: ${silent.checkpoint?.evidence ?? "not asked"}`)];
  }
  const found = `${candidates[0]?.name} was built without CRIU`;
  return [no(wanted, found, "install runc, or a crun whose version says +CRIU")];
}

function runtimeName(engine: EngineFacts | undefined): string | undefined {
  const path = engine?.runtimePath.value ?? engine?.defaultRuntime.value ?? "";
  return /(?:^|\/)(runc|crun)$/.exec(path)?.[1];
}

function crunLibrary({ criu }: NodeFacts, runtime: string): Verdict[] {
  if (runtime !== "crun") return [];
  const wanted = need("libcriu", "crun finds CRIU's library", "libcriu.so.2", {
    source: sources.criu,
    purposes: ["checkpoint", "restore", "podman"],
  });
  if (criu.library.value !== null) return [yes(wanted, criu.library.value)];
  return [no(wanted, criu.library.evidence, "install libcriu (package libcriu2 or criu-libs)")];
}

function podman({ tools, source }: NodeFacts): Verdict {
  const wanted = need("podman", "Podman is here", "podman", {
    purposes: ["podman"],
    source: "podman-container-checkpoint(1)",
  });
  if (source === "api") return cannotTell(wanted, "the API does not tell");
  const tool = tools.find(({ name }) => name === "podman");
  if (tool?.path == null)
    return no(wanted, "not installed", "install podman, if its way is wanted");
  return yes(wanted, tool.version.value ?? tool.path);
}
