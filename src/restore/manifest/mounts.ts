import type { MountNeed } from "../needs/mounts.ts";
import type { AskedMount, PodFacts } from "./facts.ts";
import { Labels } from "./names.ts";
import type { PodSpec, Volume, VolumeMount } from "./pod.ts";
import { container, type Remarks } from "./remarks.ts";
import { guessVolume, type VolumeGuess } from "./volume-guess.ts";

/**
 * Mounts that runtimes make anew for each container. CRI-O leaves these alone on a restore, and
 * insists on every other one of `spec.dump` (server/container_restore.go, `ignoreMounts`).
 */
const runtimeMounts: ReadonlySet<string> = new Set([
  "/proc",
  "/dev",
  "/dev/pts",
  "/dev/mqueue",
  "/sys",
  "/sys/fs/cgroup",
  "/dev/shm",
  "/etc/resolv.conf",
  "/etc/hostname",
  "/etc/passwd",
  "/etc/group",
  "/run/secrets",
  "/run/.containerenv",
]);

type Giver = "runtime" | "kubelet" | "admission" | "pod" | "nobody";

/** Volumes and their mounts, with what there is to say of each. */
interface PodMounts {
  volumes: Volume[];
  volumeMounts: VolumeMount[];
  automountServiceAccountToken: boolean;
}

export function podMounts(facts: PodFacts, remarks: Remarks): PodMounts {
  const left: Record<Exclude<Giver, "pod">, string[]> = {
    runtime: [],
    kubelet: [],
    admission: [],
    nobody: [],
  };
  const pod = new MountList(remarks);
  for (const asked of facts.mounts) {
    const giver = giverOf(asked);
    if (giver === "pod") pod.add(asked);
    else left[giver].push(asked.destination);
  }
  tell(left, pod.volumeMounts.length > 0, remarks);
  return {
    volumes: pod.volumes,
    volumeMounts: pod.volumeMounts,
    automountServiceAccountToken: left.admission.length > 0,
  };
}

/** What a kubelet gives every container, even where its folder bears another pod's id. */
const kubeletFile = /\/pods\/[^/]+\/(?:etc-hosts|containers\/.*)$/;

function giverOf({ need }: AskedMount): Giver {
  const made = runtimeMounts.has(need.destination);
  switch (need.kind) {
    case "service-account":
      return "admission";
    case "hosts":
    case "termination-log":
      return "kubelet";
    case "shm":
    case "resolv-conf":
    case "hostname":
      return "runtime";
    case "runtime":
      return made ? "runtime" : "nobody";
    case "other-pod":
      return kubeletFile.test(need.source ?? "") ? "kubelet" : "pod";
    default:
      return made && !isBind(need) ? "runtime" : "pod";
  }
}

function isBind({ source }: MountNeed): boolean {
  return source?.startsWith("/") === true;
}

function tell(
  left: Record<Exclude<Giver, "pod">, string[]>,
  declared: boolean,
  remarks: Remarks,
): void {
  const at = declared ? [...container, "volumeMounts"] : container;
  const mounts = declared ? "" : "volumeMounts: none. ";
  if (left.kubelet.length + left.runtime.length > 0) {
    const by = [
      ...(left.kubelet.length === 0 ? [] : [`the kubelet gives ${listed(left.kubelet)}`]),
      ...(left.runtime.length === 0 ? [] : [`the runtime gives ${listed(left.runtime)}`]),
    ];
    remarks.note(at, `${mounts}Left out: ${by.join("; ")}.`);
  }
  if (left.admission.length > 0) {
    remarks.note(
      at,
      `Left out: ${listed(left.admission)}, which the API server adds with a new token (not to static pods).`,
    );
  }
  if (left.nobody.length > 0) {
    remarks.decide(
      at,
      `${listed(left.nobody)}: made by the runtime for the old container, and nobody gives it to a new one. CRI-O insists on a mount there: say which volume.`,
    );
  }
}

/** Further ones are counted. */
function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 20).join(", ");
  return paths.length > 20 ? `${shown} and ${paths.length - 20} more` : shown;
}

class MountList {
  readonly volumes: Volume[] = [];
  readonly volumeMounts: VolumeMount[] = [];
  readonly #remarks: Remarks;
  readonly #byKey = new Map<string, Volume>();
  readonly #names = new Labels();
  readonly #places = new Set<string>();

  constructor(remarks: Remarks) {
    this.#remarks = remarks;
  }

  add(asked: AskedMount): void {
    const { destination, need } = asked;
    const fault = this.#fault(destination);
    if (fault !== undefined) {
      this.#remarks.decide(container, `The mount at ${destination} (${need.evidence}) ${fault}.`);
      return;
    }
    const guess = guessVolume(asked);
    const volume = this.#volume(guess);
    const path = [...container, "volumeMounts", this.volumeMounts.length];
    this.volumeMounts.push(mountOf(volume.name, asked, guess));
    this.#remarks.note(path, `${need.evidence}${origin(need)}: ${guess.what}.${content(need)}`);
    if (guess.decide !== undefined) this.#remarks.decide(path, `${guess.decide}.`);
    if (runtimeMounts.has(need.destination)) {
      this.#remarks.note(path, "CRI-O puts its own here on a restore, whatever the pod says.");
    }
  }

  #fault(destination: string): string | undefined {
    if (!destination.startsWith("/") || destination === "/" || /[:\0]/.test(destination)) {
      return "is at a path that Kubernetes does not take, so this container cannot come back in a pod as it is";
    }
    if (this.#places.has(destination)) {
      return "is the second one at that place; a pod can have only one there";
    }
    this.#places.add(destination);
    return undefined;
  }

  #volume(guess: VolumeGuess): Volume {
    const known = this.#byKey.get(guess.key);
    if (known !== undefined) return known;
    const volume = { name: this.#names.take(guess.name), ...guess.source };
    this.volumes.push(volume);
    this.#byKey.set(guess.key, volume);
    return volume;
  }
}

function mountOf(
  name: string,
  { destination, need }: AskedMount,
  { subPath }: VolumeGuess,
): VolumeMount {
  const { options, readOnly } = need;
  const entry: VolumeMount = { name, mountPath: destination };
  if (subPath !== undefined) entry.subPath = subPath;
  if (readOnly) entry.readOnly = true;
  if (options.includes("rshared") || options.includes("shared")) {
    entry.mountPropagation = "Bidirectional";
  } else if (options.includes("rslave") || options.includes("slave")) {
    entry.mountPropagation = "HostToContainer";
  } else if (readOnly && options.includes("rro")) {
    // Kubernetes wants either of the two.
    entry.recursiveReadOnly = "Enabled";
  }
  return entry;
}

function origin(need: MountNeed): string {
  return isBind(need) ? ` from ${need.source}` : "";
}

/** What CRIU will open there, and gives up without. */
function content(need: MountNeed): string {
  const files = need.filesInUse;
  if (files.length === 0 || !isBind(need)) return "";
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  return ` It needs ${files.slice(0, 3).join(", ")}${more} before the restore, with the sizes that they had.`;
}

/** Bidirectional propagation is for privileged containers alone. */
export function checkPropagation(spec: PodSpec, remarks: Remarks): void {
  const [{ volumeMounts = [], securityContext }] = spec.containers;
  if (securityContext?.privileged === true) return;
  for (const [index, mount] of volumeMounts.entries()) {
    if (mount.mountPropagation !== "Bidirectional") continue;
    mount.mountPropagation = "HostToContainer";
    remarks.decide(
      [...container, "volumeMounts", index],
      "It was shared both ways, which Kubernetes allows to privileged containers only.",
    );
  }
}
