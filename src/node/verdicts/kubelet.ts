import { gateOf, settingOf } from "../../kubelet/config/effective.ts";
import type { KubeletFacts, NodeFacts } from "../facts.ts";
import { atLeast } from "../version.ts";
import { cannotTell, type Need, no, sources, type Verdict, yes } from "./row.ts";

const gate = "ContainerCheckpoint";

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "kubelet",
  what,
  needed,
  source: sources.kubelet,
  purposes: ["checkpoint"],
  required: true,
  ...more,
});

/** The kubelet's part: it has to run, serve, and have the gate on. */
export function kubeletVerdicts(facts: NodeFacts): Verdict[] {
  const { kubelet } = facts;
  const running = kubeletRuns(facts);
  if (kubelet === null) return [running];
  return [
    running,
    versionRow(kubelet),
    gateRow(kubelet),
    serverRow(kubelet),
    ...accessRows(kubelet),
  ];
}

function kubeletRuns({ kubelet, root, machine }: NodeFacts): Verdict {
  const wanted = need("kubelet", "a kubelet runs", "a running kubelet", {
    purposes: ["checkpoint", "restore"],
  });
  if (kubelet === null) {
    return no(
      wanted,
      "no process, no unit, no K3s",
      "through the kubelet nothing can be checkpointed here; Podman's own way needs none",
    );
  }
  if (kubelet.from === "api") {
    const answers = kubelet.effective !== null || kubelet.gates !== null;
    if (answers) return yes(wanted, "it answers the API server");
    return cannotTell(wanted, kubelet.effectiveWhy ?? "it was not asked");
  }
  if (kubelet.pid !== null) return yes(wanted, `pid ${kubelet.pid}`);
  // Without /proc this is a copy of a root folder, in which nothing can run.
  if (machine.kernel.value === null) {
    return cannotTell(wanted, `no processes are to be seen below ${root ?? "/"}`);
  }
  const unit = kubelet.unit?.name ?? "its unit";
  return no(
    wanted,
    `${unit} is there, no process`,
    `systemctl start ${unit}; journalctl -u ${unit}`,
  );
}

function versionRow({ version }: KubeletFacts): Verdict {
  const wanted = need("kubelet-version", "the kubelet knows checkpoints", "1.25 or newer", {
    source: sources.gate,
  });
  const enough = version.value === null ? undefined : atLeast(version.value, 1, 25);
  if (enough === undefined) return cannotTell(wanted, version.evidence);
  const found = version.value as string;
  return enough
    ? yes(wanted, found)
    : no(wanted, found, "upgrade the kubelet; 1.30 has the gate on");
}

function gateRow(kubelet: KubeletFacts): Verdict {
  const wanted = need("gate", `the gate ${gate} is on`, "on (by default since 1.30)", {
    source: sources.gate,
  });
  const remedy = `featureGates: {${gate}: true} in the kubelet's configuration (not the API server's), then restart the kubelet`;
  const metric = kubelet.gates?.[gate];
  if (metric !== undefined) {
    const found = `${metric ? "on" : "off"} (the kubelet's metrics)`;
    return metric ? yes(wanted, found) : no(wanted, found, remedy);
  }
  if (kubelet.effective === null) {
    return cannotTell(wanted, kubelet.effectiveWhy ?? "the configuration is not known");
  }
  const { settings } = kubelet.effective;
  const origin = settings.find(({ name }) => name === "featureGates")?.origin ?? "default";
  const set = gateOf(settings, gate);
  if (set !== undefined) {
    const found = `${set ? "on" : "off"} (${origin})`;
    return set ? yes(wanted, found) : no(wanted, found, remedy);
  }
  const beta = kubelet.version.value === null ? undefined : atLeast(kubelet.version.value, 1, 30);
  if (beta === undefined) {
    return cannotTell(wanted, `nothing sets it, and the version is not known`);
  }
  // AllBeta and AllAlpha move the gates of their stage that nothing else sets.
  const stage = beta ? "AllBeta" : "AllAlpha";
  const moved = gateOf(settings, stage);
  const on = moved ?? beta;
  const found = `${on ? "on" : "off"} (${moved === undefined ? "default" : stage})`;
  return on ? yes(wanted, found) : no(wanted, found, remedy);
}

function serverRow({ effective, effectiveWhy }: KubeletFacts): Verdict {
  const wanted = need("kubelet-server", "the kubelet serves its API", "enableServer: true");
  if (effective === null) return cannotTell(wanted, effectiveWhy ?? "not known");
  const on = settingOf(effective.settings, "enableServer", "boolean");
  const port = settingOf(effective.settings, "port", "number");
  if (on === false) return no(wanted, "enableServer: false", "set enableServer: true");
  return yes(wanted, `port ${port ?? 10250}`);
}

/** Who may ask for a checkpoint, which is as much as to read the memory of any container. */
function accessRows({ effective }: KubeletFacts): Verdict[] {
  if (effective === null) return [];
  const { settings } = effective;
  const advice = { required: false, source: sources.threat };
  const anonymous = need(
    "anonymous",
    "the kubelet knows who asks",
    "authentication.anonymous.enabled: false",
    advice,
  );
  const authorization = need(
    "authorization",
    "the kubelet asks what a caller may do",
    "authorization.mode: Webhook",
    advice,
  );
  const isOpen = settingOf(settings, "authentication.anonymous.enabled", "boolean") === true;
  const mode = settingOf(settings, "authorization.mode", "string") ?? "Webhook";
  return [
    isOpen
      ? no(anonymous, "anonymous callers pass", "set authentication.anonymous.enabled: false")
      : yes(anonymous, "anonymous callers are refused"),
    mode === "Webhook"
      ? yes(authorization, mode)
      : no(
          authorization,
          mode,
          "set authorization.mode: Webhook: now whoever is let in may checkpoint every container",
        ),
  ];
}
