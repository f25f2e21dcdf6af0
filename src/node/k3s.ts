import type { Problem } from "../base/problem.ts";
import { parseYaml } from "../kubelet/config/document.ts";
import { type KubeletFlag, parseFlags } from "../kubelet/config/flags.ts";
import type { Host } from "./host.ts";
import { readUnit, type Unit } from "./unit.ts";

/** What K3s adds to its kubelet by itself, as far as a checkpoint is concerned. */
const ownConfigFolder = "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d";
const ownEndpoint = "unix:///run/k3s/containerd/containerd.sock";
const configFile = "/etc/rancher/k3s/config.yaml";
const configFolder = `${configFile}.d`;

/** The kubelet inside K3s: flags of its own, then those of `kubelet-arg`, which win. */
interface K3sKubelet {
  unit: Unit | undefined;
  flags: KubeletFlag[];
  files: string[];
}

/**
 * The kubelet that runs inside K3s, which hides its command line once it runs: so the words come
 * from its unit and from its configuration files.
 */
export async function k3sKubelet(
  host: Host,
  words: readonly string[],
  problems: Problem[],
): Promise<K3sKubelet> {
  const unit = readUnit(host, "k3s.service") ?? readUnit(host, "k3s-agent.service");
  const { files, given } = await fromFiles(host, problems);
  const typed = parseFlags([...words.slice(1), ...(unit?.words ?? []).slice(1)]);
  const arguments_ = [
    ...given,
    ...typed.filter(({ name }) => name === "kubelet-arg").map(({ value }) => value),
  ];
  const own = [`--container-runtime-endpoint=${ownEndpoint}`];
  if (host.stat(ownConfigFolder).state === "found") own.push(`--config-dir=${ownConfigFolder}`);
  return { unit, files, flags: parseFlags([...own, ...arguments_.map((it) => `--${it}`)]) };
}

/** `kubelet-arg` of the configuration: a later file replaces it, with `+` it adds to it. */
async function fromFiles(
  host: Host,
  problems: Problem[],
): Promise<{ files: string[]; given: string[] }> {
  const listed = host.list(configFolder);
  const names = listed.state === "found" ? listed.value.map(({ name }) => name) : [];
  const paths = [
    configFile,
    ...names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `${configFolder}/${name}`),
  ];
  const files: string[] = [];
  let given: string[] = [];
  for (const path of paths) {
    const read = host.text(path);
    if (read.state === "absent") continue;
    const parsed = read.state === "found" ? await parseYaml(read.value) : { why: read.why };
    if ("why" in parsed) {
      problems.push({
        severity: "warning",
        code: "k3s-config",
        message: `the configuration of K3s cannot be read: ${parsed.why}`,
        where: { path },
      });
      continue;
    }
    files.push(path);
    given = texts(parsed.value["kubelet-arg"]) ?? given;
    given = [...given, ...(texts(parsed.value["kubelet-arg+"]) ?? [])];
  }
  return { files, given };
}

function texts(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return undefined;
  return value.filter((entry): entry is string => typeof entry === "string");
}
