import { type JsonObject, valueAt } from "../base/json-object.ts";
import type { Problem } from "../base/problem.ts";
import { flagValue, goBoolean, parseFlags } from "../kubelet/config/flags.ts";
import { overlay } from "../kubelet/config/overlay.ts";
import { type EngineFacts, type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";
import type { HostProcess } from "./processes.ts";
import { findProgram, type Packages, versionOf } from "./programs.ts";
import { flagFact, readToml, textFact } from "./toml.ts";

const defaultConfig = "/etc/crio/crio.conf";
const defaultFolder = "/etc/crio/crio.conf.d";

/** CRI-O with its configuration, or undefined where there is no trace of it. */
export async function crioFacts(
  host: Host,
  processes: readonly HostProcess[],
  packages: Packages,
  problems: Problem[],
): Promise<EngineFacts | undefined> {
  const process = processes[0];
  const path = process?.path ?? findProgram(host, "crio");
  const flags = parseFlags((process?.words ?? []).slice(1));
  const file = flagValue(flags, "config") ?? defaultConfig;
  const folder = flagValue(flags, "config-dir") ?? defaultFolder;
  const config = await readConfig(host, file, folder, problems);
  if (path === null && config.files.length === 0) return undefined;
  const evidence = config.files.length === 0 ? `${file} (not there: defaults)` : config.evidence;
  const at = (...keys: string[]): Fact<unknown> => {
    const value = valueAt(config.value, "crio", ...keys);
    return value === undefined ? unknown(`${evidence} does not say`) : known(value, evidence);
  };
  const criuFlag = goBoolean(flagValue(flags, "enable-criu-support") ?? "");
  const runtimeFlag = flagValue(flags, "default-runtime");
  const defaultRuntime =
    runtimeFlag === undefined
      ? textFact(at("runtime", "default_runtime"))
      : known(runtimeFlag, "--default-runtime");
  const runtime = defaultRuntime.value ?? "crun";
  return {
    engine: "cri-o",
    path,
    pid: process?.pid ?? null,
    version: await versionOf(host, path, packages, ["cri-o", "crio"]),
    configFiles: config.files,
    criuSupport:
      criuFlag === undefined
        ? flagFact(at("runtime", "enable_criu_support"))
        : known(criuFlag, "--enable-criu-support"),
    restoreViaCreate: unknown("CRI-O has no such setting"),
    containerLevel: textFact(at("checkpoint_restore", "container_level_enabled")),
    signaturePolicy: textFact(at("image", "signature_policy")),
    defaultRuntime,
    runtimePath: textFact(at("runtime", "runtimes", runtime, "runtime_path")),
  };
}

/** The main file, and over it every file of the folder in the order of their names. */
async function readConfig(
  host: Host,
  file: string,
  folder: string,
  problems: Problem[],
): Promise<{ value: JsonObject; files: string[]; evidence: string }> {
  const files: string[] = [];
  let value: JsonObject = {};
  const listed = host.list(folder);
  const dropIns = listed.state === "found" ? listed.value : [];
  const paths = [
    file,
    ...dropIns.filter(({ kind }) => kind !== "directory").map(({ name }) => `${folder}/${name}`),
  ];
  for (const path of paths) {
    const parsed = await readToml(host, path, "CRI-O", problems);
    if (parsed === undefined) continue;
    files.push(path);
    value = overlay(value, parsed);
  }
  return { value, files, evidence: files.join(", ") };
}
