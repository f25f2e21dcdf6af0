import type { Pod } from "../../src/restore/manifest/pod.ts";
import { apiFaults } from "./kubernetes-api.ts";

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const objectName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const quantity = /^\d+(m|Ki|Mi|Gi)?$/;

/**
 * Why an API server would refuse a pod: its schema, and those rules of its validation that a
 * manifest could break (kubernetes/pkg/apis/core/validation).
 */
export async function podFaults(pod: Pod): Promise<string[]> {
  const faults = await apiFaults("V1Pod", pod);
  const rule = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  const { metadata, spec } = pod;
  rule(objectName.test(metadata.name) && metadata.name.length <= 253, "name of the pod");
  rule(label.test(metadata.namespace), "namespace");
  rule(spec.hostname === undefined || label.test(spec.hostname), "hostname");
  for (const value of Object.values(spec.nodeSelector ?? {})) {
    rule(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(value), "value of a label");
  }
  const ofNode = spec.hostNetwork || spec.hostPID || spec.hostIPC;
  rule(!(spec.hostUsers === false && ofNode === true), "hostUsers and namespaces of the node");
  rule(!(spec.hostPID && spec.shareProcessNamespace), "hostPID and shareProcessNamespace");
  volumeRules(pod, rule);
  containerRules(pod, rule);
  return faults;
}

type Rule = (holds: boolean, what: string) => void;

function volumeRules({ spec }: Pod, rule: Rule): void {
  const volumes = spec.volumes ?? [];
  const mounts = spec.containers[0].volumeMounts ?? [];
  const names = new Set(volumes.map(({ name }) => name));
  rule(names.size === volumes.length, "names of volumes, each once");
  rule(new Set(mounts.map((it) => it.mountPath)).size === mounts.length, "mount paths, each once");
  for (const volume of volumes) {
    rule(label.test(volume.name), `volume ${volume.name}`);
    rule(Object.keys(volume).length === 2, `volume ${volume.name} has one source`);
    if ("hostPath" in volume) {
      rule(!volume.hostPath.path.split("/").includes(".."), "path of the node without ..");
    }
    const source = Object.values(volume).find((it) => typeof it === "object") as object;
    for (const key of ["name", "secretName", "claimName"]) {
      const named = (source as Record<string, unknown>)[key];
      rule(named === undefined || objectName.test(named as string), `object ${String(named)}`);
    }
  }
  for (const mount of mounts) {
    rule(names.has(mount.name), `volume ${mount.name} of a mount`);
    rule(mount.mountPath !== "" && !mount.mountPath.includes(":"), "mount path");
    const sub = mount.subPath ?? "";
    rule(!sub.startsWith("/") && !sub.split("/").includes(".."), "subPath");
    const both = mount.recursiveReadOnly !== undefined && mount.mountPropagation !== undefined;
    rule(!both, "recursiveReadOnly with propagation");
    rule(mount.recursiveReadOnly === undefined || mount.readOnly === true, "recursiveReadOnly");
    const privileged = spec.containers[0].securityContext?.privileged === true;
    rule(mount.mountPropagation !== "Bidirectional" || privileged, "Bidirectional");
  }
}

function containerRules({ spec }: Pod, rule: Rule): void {
  const [{ name, ports, resources, securityContext }] = spec.containers;
  rule(label.test(name), `container ${name}`);
  for (const { containerPort } of ports ?? []) {
    rule(containerPort > 0 && containerPort < 65536, "port");
  }
  const { limits = {}, requests = {} } = resources ?? {};
  for (const value of [...Object.values(limits), ...Object.values(requests)]) {
    rule(quantity.test(value), `quantity ${value}`);
  }
  for (const [key, value] of Object.entries(requests)) {
    rule(limits[key] === undefined || amount(value) <= amount(limits[key]), `${key} within limit`);
  }
  const pages = Object.keys(limits).some((key) => key.startsWith("hugepages-"));
  rule(
    !pages || "cpu" in { ...limits, ...requests } || "memory" in { ...limits, ...requests },
    "hugepages",
  );
  if (securityContext === undefined) return;
  const { capabilities, privileged, allowPrivilegeEscalation, procMount } = securityContext;
  const admin = privileged === true || capabilities?.add?.includes("SYS_ADMIN") === true;
  rule(!(allowPrivilegeEscalation === false && admin), "allowPrivilegeEscalation");
  rule(procMount === undefined || spec.hostUsers === false, "procMount");
  for (const profile of [securityContext.seccompProfile, securityContext.appArmorProfile]) {
    if (profile === undefined) continue;
    const local = profile.localhostProfile;
    rule((profile.type === "Localhost") === (local !== undefined), "localhostProfile");
    rule(local === undefined || local.trim() === local, "localhostProfile's ends");
  }
}

function amount(text: string): number {
  const [, count, unit = ""] = /^(\d+)(\w*)$/.exec(text) as RegExpExecArray;
  const units: Record<string, number> = { m: 1e-3, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };
  return Number(count) * (units[unit] ?? 1);
}
