import { cgroupOf, freezerOf } from "./cgroup.ts";
import { type Fact, known, type MachineFacts, unknown } from "./facts.ts";
import type { Host } from "./host.ts";
import { kernelOptions } from "./kernel-options.ts";
import { availableBytes, pageSizeOf } from "./page-size.ts";

/** Numbers of ELF's e_machine, with the names that Kubernetes uses. */
const architectures: Readonly<Record<number, string>> = {
  3: "386",
  21: "ppc64le",
  22: "s390x",
  40: "arm",
  62: "amd64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
const shellLimit = 16 * 1024 * 1024;

/** What the machine below a kubelet is: system, kernel, control groups, security modules. */
export async function machineFacts(host: Host): Promise<MachineFacts> {
  const kernel = textFact(host, "/proc/sys/kernel/osrelease");
  const processor = architecture(host);
  const options = await kernelOptions(host, kernel.value);
  const cgroup = cgroupOf(host);
  const modules = textFact(host, "/sys/kernel/security/lsm");
  return {
    os: osName(host),
    architecture: processor,
    kernel,
    cpuFeatures: cpuFeatures(host),
    kernelOptions: options,
    probes: {
      nsLastPid: probe(host, "/proc/sys/kernel/ns_last_pid"),
      timers: probe(host, "/proc/self/timers"),
      mapFiles: probe(host, "/proc/self/map_files"),
      pressure: probe(host, "/proc/pressure/memory"),
    },
    pageSize: pageSizeOf(host, kernel, processor),
    availableBytes: availableBytes(host),
    cgroup,
    freezer: freezerOf(host, cgroup),
    securityModules:
      modules.value === null
        ? unknown(modules.evidence)
        : known(modules.value.split(",").filter(Boolean), modules.evidence),
    selinux: selinux(host),
    apparmor: apparmor(host),
    seccompFilter: seccompFilter(host, options),
  };
}

/** A file of one line. */
function textFact(host: Host, path: string): Fact<string> {
  const read = host.text(path);
  if (read.state === "found") return known(read.value.trim(), path);
  return unknown(read.state === "absent" ? `${path} is not there` : `${path}: ${read.why}`);
}

function osName(host: Host): Fact<string> {
  const read = host.text("/etc/os-release");
  const path = read.state === "found" ? "/etc/os-release" : "/usr/lib/os-release";
  const release = read.state === "found" ? known(read.value, path) : textFact(host, path);
  if (release.value === null) return unknown(release.evidence);
  const name = /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(release.value)?.[2];
  return name === undefined ? unknown(`${path} names none`) : known(name, path);
}

function architecture(host: Host): Fact<string> {
  const read = host.read("/bin/sh", shellLimit);
  if (read.state !== "found") return unknown("there is no /bin/sh to tell it by");
  const view = Buffer.from(read.value.buffer, read.value.byteOffset, read.value.length);
  if (view.length < 20 || view.readUInt32BE(0) !== 0x7f454c46) return unknown("/bin/sh is no ELF");
  const machine = view[5] === 2 ? view.readUInt16BE(18) : view.readUInt16LE(18);
  const name = architectures[machine];
  return name === undefined
    ? unknown(`/bin/sh is of ELF machine ${machine}`)
    : known(name, "/bin/sh");
}

function cpuFeatures(host: Host): Fact<string[]> {
  const path = "/proc/cpuinfo";
  const cpuinfo = textFact(host, path);
  if (cpuinfo.value === null) return unknown(cpuinfo.evidence);
  const line = /^(?:flags|Features|features)\s*:\s*(.*)$/m.exec(cpuinfo.value)?.[1];
  if (line === undefined) return unknown(`${path} names none`);
  return known([...new Set(line.split(/\s+/).filter(Boolean))].sort(), path);
}

/** Something that the kernel shows only where it has a feature. */
function probe(host: Host, path: string): Fact<boolean> {
  if (host.stat("/proc/sys/kernel").state !== "found") return unknown("/proc is not there");
  const stat = host.stat(path);
  if (stat.state === "unreadable") return unknown(`${path}: ${stat.why}`);
  return known(stat.state === "found", stat.state === "found" ? path : `no ${path}`);
}

function selinux(host: Host): MachineFacts["selinux"] {
  const path = "/sys/fs/selinux/enforce";
  const state = textFact(host, path);
  if (state.value !== null) return known(state.value === "1" ? "enforcing" : "permissive", path);
  if (host.stat("/sys/fs").state !== "found") return unknown("/sys is not there");
  return host.stat(path).state === "absent"
    ? known("disabled", `no ${path}`)
    : unknown(state.evidence);
}

function apparmor(host: Host): Fact<boolean> {
  const path = "/sys/module/apparmor/parameters/enabled";
  const state = textFact(host, path);
  if (state.value !== null) return known(state.value === "Y", path);
  if (host.stat("/sys/module").state !== "found") return unknown("/sys is not there");
  return host.stat(path).state === "absent" ? known(false, `no ${path}`) : unknown(state.evidence);
}

function seccompFilter(host: Host, options: MachineFacts["kernelOptions"]): Fact<boolean> {
  const path = "/proc/sys/kernel/seccomp/actions_avail";
  if (host.stat(path).state === "found") return known(true, path);
  const option = options.value?.["SECCOMP_FILTER"];
  if (option !== undefined) return known(option === "y", options.evidence);
  return unknown(`no ${path}, and the kernel's configuration is not known`);
}
