import { type Fact, known, unknown } from "./facts.ts";
import type { Host, HostRun } from "./host.ts";

/** Where programs of a node lie: the system's own folders, then those of k3s and RKE2. */
const folders = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/var/lib/rancher/k3s/data/current/bin",
  "/var/lib/rancher/rke2/bin",
];

/** The path of a program, or null where no folder has it. */
export function findProgram(host: Host, name: string): string | null {
  for (const folder of folders) {
    const path = `${folder}/${name}`;
    const stat = host.stat(path);
    if (stat.state === "found" && stat.value.kind === "file" && (stat.value.mode & 0o111) !== 0) {
      return path;
    }
  }
  return null;
}

/** Lists of installed packages are some MiB. */
const packageListLimit = 64 * 1024 * 1024;

/** Versions of installed packages by name, as dpkg and apk note them. rpm's list is a database. */
export function installedPackages(host: Host): Map<string, { version: string; list: string }> {
  const packages = new Map<string, { version: string; list: string }>();
  const lists = [
    ["/var/lib/dpkg/status", /^Package: (.+)$/, /^Version: (.+)$/],
    ["/lib/apk/db/installed", /^P:(.+)$/, /^V:(.+)$/],
  ] as const;
  for (const [list, nameLine, versionLine] of lists) {
    const read = host.text(list, packageListLimit);
    if (read.state !== "found") continue;
    let name: string | undefined;
    for (const line of read.value.split("\n")) {
      name = line === "" ? undefined : (nameLine.exec(line)?.[1] ?? name);
      const version = versionLine.exec(line)?.[1];
      if (name !== undefined && version !== undefined) packages.set(name, { version, list });
    }
  }
  return packages;
}

export type Packages = ReturnType<typeof installedPackages>;

/** What a program says, where it was found and may be run. */
export async function ask(
  host: Host,
  path: string | null,
  args: readonly string[],
): Promise<Fact<HostRun>> {
  if (path === null) return unknown("it is not installed");
  const ran = await host.run(path, args);
  const words = [path, ...args].join(" ");
  if (ran.state === "found") return known(ran.value, words);
  return unknown(ran.state === "absent" ? `${path} is not there` : `${path}: ${ran.why}`);
}

/** The version of a program: what it says itself, else what its package says. */
export async function versionOf(
  host: Host,
  path: string | null,
  packages: Packages,
  names: readonly string[],
  args: readonly string[] = ["--version"],
): Promise<Fact<string>> {
  const said = await ask(host, path, args);
  const version = firstVersion(said.value?.text ?? "");
  if (version !== undefined) return known(version, said.evidence);
  for (const name of names) {
    const installed = packages.get(name);
    if (installed === undefined) continue;
    // Without the epoch and the packager's own revision.
    const plain = installed.version.replace(/^\d+:/, "").replace(/-[^-]*$/, "");
    return known(plain, `package ${name} in ${installed.list}`);
  }
  if (said.value === null) return unknown(said.evidence);
  return unknown(`${said.evidence} names no version`);
}

/** `v1.36.2`, `2.1.9+unknown`, `1.28`: the first word of a text that is a version. */
function firstVersion(text: string): string | undefined {
  const match = /(?:^|[\s:])v?(\d+\.\d+(?:\.\d+)?(?:[-+~][\w.+~-]*)?)/.exec(text.slice(0, 4096));
  return match?.[1];
}
