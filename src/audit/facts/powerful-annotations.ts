import type { Severity } from "../severity.ts";
import type { Annotation } from "./annotations.ts";

/** What an annotation makes a runtime do beyond what the pod's specification shows. */
interface Power {
  does: string;
  severity: Severity;
}

/** Name, or beginning of names where it ends with `*`; what it does; values that do nothing. */
type Row = [name: string, does: string, severity: Severity, harmless?: RegExp];

/** Of the manuals of CRI-O, crun, runc, Podman and Kata Containers. */
const rows: readonly Row[] = [
  ["org.criu.config", "names options of CRIU, which can run programs as root", "high"],
  ["platform-runtime-path.crio.io", "makes CRI-O run another OCI runtime", "high", /^$/],
  ["io.kubernetes.cri-o.Devices", "gives the container devices of the node", "high", /^$/],
  [
    "io.kubernetes.cri-o.cgroup2-mount-hierarchy-rw",
    "makes control groups writable",
    "high",
    /^(?:false)?$/,
  ],
  ["io.kubernetes.cri-o.userns-mode", "chooses the user namespace", "medium", /^$/],
  ["io.kubernetes.cri-o.UnifiedCgroup*", "sets limits of control groups", "medium"],
  ["io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel", "leaves volumes unlabelled", "medium"],
  ["io.kubernetes.cri-o.LinkLogs", "has CRI-O link logs into a volume", "medium", /^$/],
  ["link-logs.crio.io", "has CRI-O link logs into a volume", "medium", /^$/],
  ["disable-fips.crio.io", "switches FIPS mode off", "medium", /^(?:false)?$/],
  ["seccomp-profile.kubernetes.cri-o.io*", "takes a seccomp profile from elsewhere", "high"],
  ["seccomp-profile.crio.io*", "takes a seccomp profile from elsewhere", "high"],
  [
    "seccomp.security.alpha.kubernetes.io/*",
    "chooses the seccomp profile",
    "medium",
    /^(?:runtime|docker)\/default$/,
  ],
  [
    "container.seccomp.security.alpha.kubernetes.io/*",
    "chooses the seccomp profile",
    "medium",
    /^(?:runtime|docker)\/default$/,
  ],
  [
    "container.apparmor.security.beta.kubernetes.io/*",
    "chooses the AppArmor profile",
    "medium",
    /^runtime\/default$/,
  ],
  ["io.containers.trace-syscall", "runs a hook as root that writes a file of the node", "high"],
  ["run.oci.hooks.*", "has crun write the output of hooks to a file of the node", "high"],
  ["run.oci.handler", "chooses another way to run the container", "medium"],
  ["run.oci.*", "changes how crun makes the container", "medium"],
  ["io.podman.annotations.privileged", "makes the container privileged", "high", /^FALSE$/i],
  ["io.podman.annotations.seccomp", "chooses the seccomp profile", "medium"],
  ["io.podman.annotations.apparmor", "chooses the AppArmor profile", "medium"],
  ["io.podman.annotations.label", "chooses the SELinux label", "medium"],
  ["io.katacontainers.config.*", "configures the virtual machine, programs included", "high"],
  ["org.systemd.property.KillSignal", "", "info", /./],
  ["org.systemd.property.TimeoutStopUSec", "", "info", /./],
  ["org.systemd.property.CollectMode", "", "info", /./],
  ["org.systemd.property.*", "sets a property of the unit that systemd makes", "medium"],
];

/** The power of an annotation; undefined where it has none that we know. The first row counts. */
export function powerOf({ key, value }: Annotation): Power | undefined {
  for (const [name, does, severity, harmless] of rows) {
    const fits = name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name;
    if (fits) return harmless?.test(value) === true ? undefined : { does, severity };
  }
  return undefined;
}
