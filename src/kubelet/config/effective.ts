import { dirname, isAbsolute, join } from "node:path/posix";
import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { flagValue, gateFlags, goBoolean, type KubeletFlag } from "./flags.ts";
import { type Layer, mergeDropIns, originOf } from "./merge.ts";
import { fromEntries, overlay } from "./overlay.ts";
import { type Setting, type SettingSpec, settingSpecs } from "./settings.ts";

/** What a kubelet was started with. */
interface KubeletInput {
  flags: readonly KubeletFlag[];
  /** The file of `--config`; undefined where there is none. */
  main?: Layer | undefined;
  /** The files of `--config-dir` in the order in which the kubelet walks. */
  dropIns: readonly Layer[];
}

/** What is in force, and where each part of it comes from. */
export interface EffectiveKubelet {
  /** `--root-dir`: volumes, plugins, checkpoints. */
  rootDir: string;
  /** Where the kubelet has archives written: `checkpoints` below its root folder. */
  checkpointsDir: string;
  certDir: string;
  kubeconfig: string | null;
  /** `--hostname-override`, which names the node otherwise than its host. */
  hostnameOverride: string | null;
  settings: Setting[];
}

const defaultRootDir = "/var/lib/kubelet";

/** What is in force for a kubelet with this command line and these files. Flags win. */
export function effectiveKubelet({ flags, main, dropIns }: KubeletInput): EffectiveKubelet {
  const config = mergeDropIns(withDefaults(main), dropIns);
  const settings = settingSpecs.map((spec): Setting => {
    const flag = fromFlag(spec, flags, valueAt(config, ...spec.path));
    const value = flag ?? valueAt(config, ...spec.path);
    const said = isUnset(valueAt(main?.value, ...spec.path), spec) ? undefined : main;
    const origin = flag !== undefined ? `--${spec.flag}` : originOf(spec.path, said, dropIns);
    return { name: spec.path.join("."), value, origin: origin ?? "default" };
  });
  const rootDir = flagValue(flags, "root-dir") ?? defaultRootDir;
  return {
    rootDir,
    checkpointsDir: join(rootDir, "checkpoints"),
    certDir: flagValue(flags, "cert-dir") ?? join(rootDir, "pki"),
    kubeconfig: flagValue(flags, "kubeconfig") ?? null,
    hostnameOverride: flagValue(flags, "hostname-override") ?? null,
    settings,
  };
}

/** The same from the answer of `/configz`, which has defaults and flags in it already. */
export function settingsOfConfigz(document: unknown): Setting[] | undefined {
  const config = valueAt(document, "kubeletconfig");
  if (!isObject(config)) return undefined;
  return settingSpecs.map(({ path, fallback }) => {
    const value = valueAt(config, ...path);
    // Go leaves out what is empty.
    const empty = typeof fallback === "boolean" ? false : typeof fallback === "number" ? 0 : "";
    return {
      name: path.join("."),
      value: value ?? (isObject(fallback) ? {} : empty),
      origin: "configz",
    };
  });
}

/** The value of a setting by its name, where it has the type that is asked for. */
export function settingOf<T extends "string" | "number" | "boolean">(
  settings: readonly Setting[],
  name: string,
  type: T,
): (T extends "string" ? string : T extends "number" ? number : boolean) | undefined {
  const value = settings.find((setting) => setting.name === name)?.value;
  return typeof value === type ? (value as never) : undefined;
}

/** What the settings say of a gate: on, off, or nothing. */
export function gateOf(settings: readonly Setting[], gate: string): boolean | undefined {
  const gates = settings.find(({ name }) => name === "featureGates")?.value;
  const value = valueAt(gates, gate);
  return typeof value === "boolean" ? value : undefined;
}

function withDefaults(main: Layer | undefined): JsonObject {
  let config: JsonObject = {};
  for (const spec of settingSpecs) {
    const given = main === undefined ? undefined : valueAt(main.value, ...spec.path);
    const value = isUnset(given, spec) ? fallbackOf(spec, main) : given;
    const whole = main !== undefined && spec.isPath === true ? absolute(value, main.origin) : value;
    config = overlay(config, nest(spec.path, whole));
  }
  return main === undefined ? config : overlay(main.value, config);
}

/**
 * Go takes an empty text and a zero for unset, also `0s`, which kubeadm writes everywhere; a boolean
 * is a pointer and may be false.
 */
function isUnset(value: unknown, { form }: SettingSpec): boolean {
  if (form === "duration" && typeof value === "string") return !/[1-9]/.test(value);
  return value == null || ((form === "text" || form === "number") && !value);
}

function fallbackOf(spec: SettingSpec, main: Layer | undefined): unknown {
  return main === undefined && spec.legacy !== undefined ? spec.legacy : spec.fallback;
}

function absolute(value: unknown, file: string): unknown {
  if (typeof value !== "string" || value === "" || isAbsolute(value)) return value;
  return join(dirname(file), value);
}

function nest(path: readonly string[], value: unknown): JsonObject {
  return path.reduceRight<unknown>(
    (inner, key) => fromEntries([[key, inner]]),
    value,
  ) as JsonObject;
}

function fromFlag(
  { flag, form }: SettingSpec,
  flags: readonly KubeletFlag[],
  below: unknown,
): unknown {
  const text = flag === undefined ? undefined : flagValue(flags, flag);
  if (text === undefined) return undefined;
  if (form === "boolean") return goBoolean(text);
  if (form === "number") return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  // Gates of the files stay in force where the flag does not name them.
  if (form === "gates") return overlay(isObject(below) ? below : {}, fromEntries(gateFlags(flags)));
  if (form === "map") return pairs(text);
  return text;
}

/** `memory.available<100Mi,nodefs.available<10%`. */
function pairs(text: string): JsonObject {
  const entries: [string, unknown][] = [];
  for (const entry of text.split(",")) {
    const [name, limit] = entry.split("<");
    if (name !== undefined && limit !== undefined) entries.push([name.trim(), limit.trim()]);
  }
  return fromEntries(entries);
}
