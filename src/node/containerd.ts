import { dirname, isAbsolute, join } from "node:path/posix";
import { isObject, type JsonObject, valueAt } from "../base/json-object.ts";
import type { Problem } from "../base/problem.ts";
import { flagValue, parseFlags } from "../kubelet/config/flags.ts";
import { overlay } from "../kubelet/config/overlay.ts";
import { type EngineFacts, type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";
import type { HostProcess } from "./processes.ts";
import { findProgram, type Packages, versionOf } from "./programs.ts";
import { flagFact, parseToml, readToml, textFact } from "./toml.ts";

const defaultConfig = "/etc/containerd/config.toml";
const k3sConfig = "/var/lib/rancher/k3s/agent/etc/containerd/config.toml";
/** Files that one file may bring in, directly and through others. */
const importLimit = 64;

/** The plug-in that runs containers: its name since version 3 of the configuration, and before. */
const plugins = ["io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri", "cri"] as const;

/** containerd with its configuration, or undefined where there is no trace of it. */
export async function containerdFacts(
  host: Host,
  processes: readonly HostProcess[],
  packages: Packages,
  problems: Problem[],
): Promise<EngineFacts | undefined> {
  const process = processes[0];
  const path = process?.path ?? findProgram(host, "containerd");
  const flags = parseFlags((process?.words ?? []).slice(1).map(longConfigFlag));
  const given = flagValue(flags, "config");
  const file =
    given ?? [defaultConfig, k3sConfig].find((name) => host.stat(name).state === "found");
  if (path === null && file === undefined) return undefined;
  const config = await effectiveConfig(host, path, file ?? defaultConfig, problems);
  const at = (...keys: string[]): Fact<unknown> => {
    for (const plugin of plugins) {
      const value = valueAt(config.value, "plugins", plugin, ...keys);
      if (value !== undefined) return known(value, config.evidence);
    }
    return unknown(`${config.evidence} does not say`);
  };
  const defaultRuntime = textFact(at("containerd", "default_runtime_name"));
  const runtime = ["containerd", "runtimes", defaultRuntime.value ?? "runc"];
  return {
    engine: "containerd",
    path,
    pid: process?.pid ?? null,
    version: await versionOf(host, path, packages, ["containerd.io", "containerd"]),
    configFiles: config.files,
    criuSupport: flagFact(at("enable_criu")),
    restoreViaCreate: flagFact(at("enable_experimental_restore_via_create")),
    containerLevel: unknown("containerd has no such setting"),
    signaturePolicy: unknown("containerd has no such setting"),
    defaultRuntime,
    runtimePath: textFact(at(...runtime, "options", "BinaryName")),
  };
}

/** `-c FILE` is the short form of `--config FILE`. */
function longConfigFlag(word: string): string {
  return word.replace(/^-c(?==|$)/, "--config").replace(/^-config(?==|$)/, "--config");
}

interface Config {
  value: JsonObject;
  files: string[];
  evidence: string;
}

/** What containerd itself says is in force, with its defaults; else what its files say. */
async function effectiveConfig(
  host: Host,
  path: string | null,
  file: string,
  problems: Problem[],
): Promise<Config> {
  const files = await readConfig(host, file, problems);
  const dumped =
    path === null ? undefined : await host.run(path, ["--config", file, "config", "dump"]);
  if (dumped?.state === "found" && dumped.value.code === 0) {
    const parsed = await parseToml(dumped.value.text);
    if ("value" in parsed) {
      return { value: parsed.value, files: files.files, evidence: `${path} config dump` };
    }
  }
  return files;
}

/** A file with its `imports`. The section of a plug-in in a later file replaces the earlier whole. */
async function readConfig(host: Host, file: string, problems: Problem[]): Promise<Config> {
  const files: string[] = [];
  let value: JsonObject = {};
  const todo = [file];
  while (todo.length > 0 && files.length < importLimit) {
    const path = todo.shift() as string;
    if (files.includes(path)) continue;
    const parsed = await readToml(host, path, "containerd", problems);
    if (parsed === undefined) continue;
    files.push(path);
    const merged = { ...pluginsOf(value), ...pluginsOf(parsed) };
    value = overlay(value, { ...parsed, plugins: {} });
    value = { ...value, plugins: merged };
    const imports = valueAt(parsed, "imports");
    for (const pattern of Array.isArray(imports) ? imports.slice(0, importLimit) : []) {
      if (typeof pattern === "string") todo.push(...expand(host, pattern, dirname(path)));
    }
  }
  const evidence = files.length === 0 ? `${file} (not there: defaults)` : files.join(", ");
  return { value, files, evidence };
}

function pluginsOf(config: JsonObject): JsonObject {
  const found = config["plugins"];
  return isObject(found) ? found : {};
}

/** Files that an import stands for: a path, relative or not, with `*` in its last part. */
function expand(host: Host, pattern: string, folder: string): string[] {
  const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
  if (!path.includes("*")) return [path];
  const parent = dirname(path);
  const listed = host.list(parent);
  if (listed.state !== "found" || parent.includes("*")) return [];
  const parts = path
    .slice(parent.length + 1)
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const name = new RegExp(`^${parts.join(".*")}$`);
  return listed.value.filter((entry) => name.test(entry.name)).map((it) => join(parent, it.name));
}
