import type { Problem } from "../base/problem.ts";
import { containerdFacts } from "./containerd.ts";
import { crioFacts } from "./crio.ts";
import { criuFacts } from "./criu.ts";
import type { NodeFacts } from "./facts.ts";
import type { Host } from "./host.ts";
import { kubeletFacts } from "./kubelet.ts";
import { machineFacts } from "./machine.ts";
import { findProcesses } from "./processes.ts";
import { installedPackages } from "./programs.ts";
import { toolFacts } from "./tools.ts";

/** All that a host says of itself. Never throws for what lies on the host. */
export async function gatherHost(host: Host): Promise<NodeFacts> {
  const problems: Problem[] = [];
  const found = findProcesses(host);
  if (found.state === "unreadable") {
    problems.push({
      severity: "warning",
      code: "processes",
      message: `running processes cannot be listed: ${found.why}`,
      where: { path: "/proc" },
    });
  }
  const processes = found.state === "found" ? found.value : new Map();
  const packages = installedPackages(host);
  const engines = [
    await containerdFacts(host, processes.get("containerd") ?? [], packages, problems),
    await crioFacts(host, processes.get("crio") ?? [], packages, problems),
  ].filter((engine) => engine !== undefined);
  const name = host.text("/proc/sys/kernel/hostname");
  const fallback = name.state === "found" ? name : host.text("/etc/hostname");
  return {
    source: "host",
    name: fallback.state === "found" ? fallback.value.trim() || null : null,
    root: host.root,
    machine: await machineFacts(host),
    tools: await toolFacts(host, packages),
    criu: await criuFacts(host, packages),
    engines,
    kubelet: await kubeletFacts(host, processes, packages, problems),
    api: null,
    problems,
  };
}
