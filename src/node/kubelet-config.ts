import { isAbsolute, join } from "node:path/posix";
import type { Problem } from "../base/problem.ts";
import { type ConfigFile, parseKubeletDocument } from "../kubelet/config/document.ts";
import { type EffectiveKubelet, effectiveKubelet } from "../kubelet/config/effective.ts";
import { flagValue, type KubeletFlag } from "../kubelet/config/flags.ts";
import type { Layer } from "../kubelet/config/merge.ts";
import type { Host } from "./host.ts";

/** Drop-ins of one node; a handful is usual. */
const dropInLimit = 1000;
/** Folders inside folders of drop-ins. */
const depthLimit = 16;

interface KubeletConfig {
  /** Undefined where a file is wrong: the kubelet would not start with it either. */
  effective: EffectiveKubelet | undefined;
  files: string[];
  why: string | null;
}

/**
 * What is in force for a kubelet with these flags, from the files that they name.
 * @param folder what relative paths count from: the kubelet's working folder.
 */
export async function kubeletConfig(
  host: Host,
  flags: readonly KubeletFlag[],
  folder: string,
  problems: Problem[],
): Promise<KubeletConfig> {
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const mainPath = flagValue(flags, "config") ?? "";
  const dropInFolder = flagValue(flags, "config-dir") ?? "";
  const paths = [
    ...(mainPath === "" ? [] : [absolute(mainPath)]),
    ...(dropInFolder === "" ? [] : walk(host, absolute(dropInFolder), problems)),
  ];
  const layers: Layer[] = [];
  let why: string | null = null;
  for (const path of paths) {
    const read = await readLayer(host, path, problems);
    if ("layer" in read) layers.push(read.layer);
    else why ??= `${path}: ${read.why}`;
  }
  const files = layers.map(({ origin }) => origin);
  if (why !== null) return { effective: undefined, files, why };
  const [main, dropIns] = mainPath === "" ? [undefined, layers] : [layers[0], layers.slice(1)];
  return { effective: effectiveKubelet({ flags, main, dropIns }), files, why };
}

async function readLayer(
  host: Host,
  path: string,
  problems: Problem[],
): Promise<{ layer: Layer } | { why: string }> {
  const read = host.text(path);
  const file: ConfigFile | undefined =
    read.state === "found" ? { path, text: read.value } : undefined;
  const reason = read.state === "absent" ? "it is not there" : "why" in read ? read.why : "";
  const parsed = file === undefined ? { why: reason } : await parseKubeletDocument(file);
  if ("why" in parsed) {
    problems.push({
      severity: "warning",
      code: "kubelet-config",
      message: `the kubelet's configuration cannot be used: ${parsed.why}`,
      where: { path },
    });
    return parsed;
  }
  if (parsed.note !== null) {
    problems.push({
      severity: "warning",
      code: "kubelet-config",
      message: parsed.note,
      where: { path },
    });
  }
  return { layer: { origin: path, value: parsed.value } };
}

/**
 * Drop-ins in the order of the kubelet's walk: entries of each folder by name, folders entered
 * where they stand, links to folders not followed, files that end with `.conf`.
 */
function walk(host: Host, folder: string, problems: Problem[], depth = 0): string[] {
  const listed = host.list(folder);
  if (listed.state !== "found") {
    problems.push({
      severity: "warning",
      code: "kubelet-config",
      message: `the folder of --config-dir ${listed.state === "absent" ? "is not there" : `cannot be read: ${listed.why}`}`,
      where: { path: folder },
    });
    return [];
  }
  const found: string[] = [];
  for (const { name, kind } of listed.value) {
    const path = join(folder, name);
    if (kind === "directory") {
      if (depth < depthLimit) found.push(...walk(host, path, problems, depth + 1));
      else problems.push(tooDeep(path));
    } else if (name.endsWith(".conf")) found.push(path);
    if (found.length > dropInLimit) {
      problems.push({
        severity: "warning",
        code: "kubelet-config",
        message: `only the first ${dropInLimit} drop-ins are read`,
        where: { path: folder },
      });
      return found.slice(0, dropInLimit);
    }
  }
  return found;
}

function tooDeep(path: string): Problem {
  return {
    severity: "warning",
    code: "kubelet-config",
    message: `drop-ins more than ${depthLimit} folders deep are not read`,
    where: { path },
  };
}
