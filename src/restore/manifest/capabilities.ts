import type { Spec } from "../../checkpoint/needs/spec.ts";
import type { SecurityContext } from "./pod.ts";

export type TargetRuntime = "containerd" | "cri-o";

const common = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "KILL",
];

/**
 * What a runtime gives to containers of pods that ask for nothing: containerd's is in its OCI
 * defaults, CRI-O's in `default_capabilities` of crio.conf, which may have been changed.
 */
const defaults: Record<TargetRuntime, readonly string[]> = {
  containerd: [...common, "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT", "AUDIT_WRITE"],
  "cri-o": common,
};

/**
 * What makes of the runtime's capabilities those that the container had. For a runtime that is not
 * known everything is dropped first, which gives the same everywhere.
 */
export function capabilityChanges(
  { capabilities }: Spec,
  runtime: TargetRuntime | undefined,
): SecurityContext["capabilities"] {
  const bounding = capabilities.get("bounding");
  if (bounding === undefined) return undefined;
  const had = new Set(bounding.map((name) => name.replace(/^CAP_/, "")).filter(isCapability));
  const given = runtime === undefined ? undefined : defaults[runtime];
  if (given === undefined || had.size === 0) {
    return { drop: ["ALL"], ...listed("add", [...had]) };
  }
  const add = [...had].filter((name) => !given.includes(name));
  const drop = given.filter((name) => !had.has(name));
  if (add.length + drop.length === 0) return undefined;
  return { ...listed("add", add), ...listed("drop", drop) };
}

function isCapability(name: string): boolean {
  return /^[A-Z][A-Z_]{1,30}$/.test(name);
}

function listed(key: "add" | "drop", names: string[]): { [key: string]: string[] } {
  return names.length === 0 ? {} : { [key]: names.sort() };
}
