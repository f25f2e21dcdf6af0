import { type Fact, known, type ToolFacts, unknown } from "./facts.ts";
import type { Host } from "./host.ts";
import { ask, findProgram, type Packages, versionOf } from "./programs.ts";

/** OCI runtimes, the engine that needs no daemon, and what locks the network during a dump. */
export async function toolFacts(host: Host, packages: Packages): Promise<ToolFacts[]> {
  const tools: ToolFacts[] = [];
  for (const name of ["runc", "crun", "podman", "iptables-restore", "nft"]) {
    const path = findProgram(host, name);
    const isRuntime = name === "runc" || name === "crun";
    tools.push({
      name,
      path,
      version: await versionOf(host, path, packages, packageNames[name] ?? [name]),
      checkpoint: isRuntime ? await checkpointSupport(host, path) : null,
    });
  }
  return tools;
}

const packageNames: Readonly<Record<string, readonly string[]>> = {
  "iptables-restore": ["iptables"],
  nft: ["nftables"],
};

/**
 * Was a runtime built with CRIU? runc and crun say so among their features (OCI's features.md);
 * older ones only in their version, or not at all.
 */
async function checkpointSupport(host: Host, path: string | null): Promise<Fact<boolean>> {
  const said = await ask(host, path, ["features"]);
  if (said.value === null) return unknown(said.evidence);
  const told = annotation(said.value.text);
  if (told !== undefined) return known(told, said.evidence);
  const version = await ask(host, path, ["--version"]);
  if (version.value !== null && /^\+\w/m.test(version.value.text)) {
    return known(/\+CRIU\b/.test(version.value.text), version.evidence);
  }
  return unknown(`${said.evidence} does not say`);
}

function annotation(text: string): boolean | undefined {
  const found = /"(?:org\.opencontainers\.runc|run\.oci\.crun)\.checkpoint\.enabled"\s*:\s*"(\w+)"/;
  const value = found.exec(text)?.[1];
  return value === undefined ? undefined : value === "true";
}
