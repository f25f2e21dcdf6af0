import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { textAt } from "../../runtime/documents.ts";
import { adaptResources } from "./adapt-resources.ts";
import type { BindSource } from "./bind-sources.ts";

/** What became of a part of spec.dump. */
export interface ConfigChange {
  /** Place in config.json: `/linux/cgroupsPath` (RFC 6901). */
  field: string;
  action: "set" | "changed" | "dropped";
  reason: string;
}

/** The OCI specification of the bundle, and what differs from that of the dump. */
interface AdaptedSpec {
  document: JsonObject;
  changes: ConfigChange[];
}

interface AdaptOptions {
  /** Path of the network namespace to join; null for none, undefined for a new one. */
  network: string | null | undefined;
  keepHooks: boolean;
  cgroupsPath: string;
  criuConfiguration: string;
  binds: readonly BindSource[];
}

/** Parts that a restore needs as they were. */
const kept = ["ociVersion", "hostname", "domainname"] as const;

/** Parts of `process` that a restore needs as they were; the rest of it is told as dropped. */
const keptOfProcess: readonly string[] = [
  "terminal",
  "consoleSize",
  "user",
  "args",
  "env",
  "cwd",
  "capabilities",
  "rlimits",
  "noNewPrivileges",
  "oomScoreAdj",
  "scheduler",
  "ioPriority",
];

const keptOfLinux: readonly string[] = [
  "uidMappings",
  "gidMappings",
  "timeOffsets",
  "seccomp",
  "rootfsPropagation",
  "maskedPaths",
  "readonlyPaths",
  "personality",
];

/** Why other parts do not go along. */
const reasons: Readonly<Record<string, string>> = {
  "/hooks": "programs of the node of the dump; --keep-hooks keeps them",
  "/annotations": "orders to runtimes among them, for devices, hooks and files of the host",
  "/process/apparmorProfile": "CRIU restores the profile that the process had",
  "/process/selinuxLabel": "CRIU restores the label that the process had",
  "/process/execCPUAffinity": "it names processors of the node of the dump",
  "/linux/sysctl": "CRIU restores those of its namespaces",
  "/linux/devices": "device nodes are in the dump's /dev",
  "/linux/mountLabel": "CRIU restores labels of mounts",
  "/linux/intelRdt": "it names classes of the node of the dump",
  "/linux/netDevices": "network devices of the node of the dump",
};

/** Makes config.json of spec.dump: only what is known to be of use goes over. */
export function adaptSpec(spec: JsonObject, options: AdaptOptions): AdaptedSpec {
  const changes: ConfigChange[] = [];
  const document: JsonObject = {};
  for (const key of kept) if (spec[key] !== undefined) document[key] = spec[key];
  document["ociVersion"] ??= "1.0.2";
  document["process"] = pick(spec["process"], "/process", keptOfProcess, changes);
  document["root"] = { path: "rootfs", readonly: valueAt(spec, "root", "readonly") === true };
  changes.push({ field: "/root/path", action: "changed", reason: "the bundle's own rootfs" });
  document["mounts"] = mounts(spec, options.binds, changes);
  if (options.keepHooks && spec["hooks"] !== undefined) document["hooks"] = spec["hooks"];
  document["annotations"] = { "org.criu.config": options.criuConfiguration };
  changes.push({
    field: "/annotations/org.criu.config",
    action: "set",
    reason: "CRIU's configuration file of this bundle",
  });
  document["linux"] = linux(spec, options, changes);
  const known = new Set([...kept, "process", "root", "mounts", "linux"] as string[]);
  if (options.keepHooks) known.add("hooks");
  for (const key of Object.keys(spec)) {
    if (!known.has(key)) changes.push(dropped(`/${key}`));
  }
  return { document, changes };
}

function linux(
  spec: JsonObject,
  { network, cgroupsPath }: AdaptOptions,
  changes: ConfigChange[],
): JsonObject {
  const field = "/linux";
  const taken = ["resources", "cgroupsPath", "namespaces"];
  const result = pick(spec["linux"], field, keptOfLinux, changes, taken);
  const seccomp = result["seccomp"];
  if (isObject(seccomp) && seccomp["listenerPath"] !== undefined) {
    const { listenerPath, listenerMetadata, ...rest } = seccomp;
    result["seccomp"] = rest;
    changes.push({
      field: "/linux/seccomp/listenerPath",
      action: "dropped",
      reason: "a socket of the node of the dump",
    });
  }
  result["resources"] = adaptResources(valueAt(spec, "linux", "resources"), changes);
  result["cgroupsPath"] = cgroupsPath;
  changes.push({
    field: "/linux/cgroupsPath",
    action: "changed",
    reason: "a control group of the bundle's own",
  });
  result["namespaces"] = namespaces(spec, network, changes);
  return result;
}

/** Namespaces are made anew: their paths are those of another node. */
function namespaces(
  spec: JsonObject,
  network: string | null | undefined,
  changes: ConfigChange[],
): JsonObject[] {
  const list = valueAt(spec, "linux", "namespaces");
  const result: JsonObject[] = [];
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const type = textAt(entry, "type");
    if (type === undefined || type === "network" || result.some((it) => it["type"] === type)) {
      continue;
    }
    if (textAt(entry, "path") !== undefined) {
      changes.push({
        field: `/linux/namespaces (${type})`,
        action: "changed",
        reason: "a new namespace: the one that was joined is on the node of the dump",
      });
    }
    result.push({ type });
  }
  if (network === null) return result;
  result.push({ type: "network", ...(network === undefined ? {} : { path: network }) });
  changes.push({
    field: "/linux/namespaces (network)",
    action: "set",
    reason: network === undefined ? "--network none: a new, empty one" : "--network host",
  });
  return result;
}

/** Ways in which runtimes look at sources that those of a bundle do not have. */
const sourceOptions: ReadonlySet<string> = new Set([
  "src-nofollow",
  "dest-nofollow",
  "copy-symlink",
  "tmpcopyup",
  "idmap",
  "ridmap",
]);

function mounts(
  spec: JsonObject,
  binds: readonly BindSource[],
  changes: ConfigChange[],
): JsonObject[] {
  const sources = new Map(binds.map((bind) => [bind.index, bind]));
  const list = valueAt(spec, "mounts");
  const result: JsonObject[] = [];
  for (const [index, entry] of (Array.isArray(list) ? (list as unknown[]) : []).entries()) {
    const field = `/mounts (${textAt(entry, "destination") ?? index})`;
    const bind = sources.get(index);
    if (!isObject(entry) || !textAt(entry, "destination")?.startsWith("/")) {
      changes.push({ field, action: "dropped", reason: "it names no place in the container" });
      continue;
    }
    const { destination, type, source, options } = entry;
    const texts = Array.isArray(options) ? options.filter((it) => typeof it === "string") : [];
    const left = texts.filter((option) => !sourceOptions.has(option.replace(/=.*$/s, "")));
    result.push({
      destination,
      type: bind === undefined ? type : "bind",
      source: bind === undefined ? source : bind.path,
      options: left,
    });
    if (bind !== undefined) {
      changes.push({
        field,
        action: "changed",
        reason: `the bundle's own ${bind.shape} instead of ${bind.was ?? "nothing"}`,
      });
    }
  }
  return result;
}

/** Copies named parts of an object; the others are told as dropped, but for those in `taken`. */
function pick(
  value: unknown,
  field: string,
  names: readonly string[],
  changes: ConfigChange[],
  taken: readonly string[] = [],
): JsonObject {
  const result: JsonObject = {};
  if (!isObject(value)) return result;
  for (const [key, part] of Object.entries(value)) {
    if (names.includes(key)) result[key] = part;
    else if (!taken.includes(key)) changes.push(dropped(`${field}/${key}`));
  }
  return result;
}

function dropped(field: string): ConfigChange {
  const reason = reasons[field] ?? "nothing that a restore needs";
  return { field, action: "dropped", reason };
}
