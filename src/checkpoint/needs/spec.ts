import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { textAt } from "../../runtime/documents.ts";
import type { Asked } from "./asked.ts";

/** A mount of the OCI runtime specification. */
export interface SpecMount {
  /** Place in the list, counted from 0. */
  index: number;
  destination: string;
  type: string | undefined;
  /** Path on the node, of a bind mount. */
  source: string | undefined;
  options: readonly string[];
  bind: boolean;
}

/**
 * What the runtime was told to make (`spec.dump`, OCI runtime specification 1.2), as far as rules
 * ask. Whatever is of another type than it should be counts as absent.
 */
export interface Spec {
  document: JsonObject;
  mounts: readonly SpecMount[];
  /** Namespaces that the container has of its own, or joins by path. */
  namespaces: ReadonlyMap<string, { path: string | undefined }>;
  /** By the name of the set: `bounding`, `effective`. */
  capabilities: ReadonlyMap<string, readonly string[]>;
  seccomp: boolean;
  noNewPrivileges: boolean;
  terminal: boolean;
  maskedPaths: readonly string[];
  devices: readonly { path: string; type: string }[];
  /** May every device of the node be opened (the devices cgroup)? */
  allDevices: boolean;
}

/** Undefined where the archive has no such document. */
export function readSpec(asked: Asked): Promise<Spec | undefined> {
  return asked.once("spec", async () => {
    const document = await asked.checkpoint.documents.object("spec.dump");
    return document === undefined ? undefined : describe(document);
  });
}

function describe(document: JsonObject): Spec {
  return {
    document,
    mounts: objectsAt(document, "mounts").flatMap(({ value, index }) => mountOf(value, index)),
    namespaces: new Map(
      objectsAt(document, "linux", "namespaces").flatMap(({ value }) => {
        const type = textAt(value, "type");
        return type === undefined ? [] : [[type, { path: textAt(value, "path") }] as const];
      }),
    ),
    capabilities: capabilitySets(document),
    seccomp: isObject(valueAt(document, "linux", "seccomp")),
    noNewPrivileges: valueAt(document, "process", "noNewPrivileges") === true,
    terminal: valueAt(document, "process", "terminal") === true,
    maskedPaths: textList(document, "linux", "maskedPaths"),
    devices: objectsAt(document, "linux", "devices").flatMap(({ value }) => {
      const path = textAt(value, "path");
      return path === undefined ? [] : [{ path, type: textAt(value, "type") ?? "" }];
    }),
    allDevices: objectsAt(document, "linux", "resources", "devices").some(({ value }) =>
      allowsAll(value),
    ),
  };
}

function mountOf(value: JsonObject, index: number): SpecMount[] {
  const destination = textAt(value, "destination");
  if (destination === undefined) return [];
  const options = textList(value, "options");
  const type = textAt(value, "type");
  const bind = type === "bind" || options.includes("bind") || options.includes("rbind");
  return [
    {
      index,
      destination: normalPath(destination),
      type,
      source: textAt(value, "source"),
      options,
      bind,
    },
  ];
}

function capabilitySets(document: JsonObject): Spec["capabilities"] {
  const sets = new Map<string, readonly string[]>();
  const found = valueAt(document, "process", "capabilities");
  if (!isObject(found)) return sets;
  for (const name of Object.keys(found)) sets.set(name, textList(found, name));
  return sets;
}

/** A rule that names no device: `{"allow": true, "access": "rwm"}`, as privileged containers have. */
function allowsAll(rule: JsonObject): boolean {
  const { allow, type, major, minor } = rule;
  const any = (part: unknown): boolean => part === undefined || part === null || part === -1;
  const kind = type === undefined || type === "a" || type === "";
  return allow === true && kind && any(major) && any(minor);
}

function objectsAt(value: unknown, ...path: string[]): { value: JsonObject; index: number }[] {
  const list = valueAt(value, ...path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) =>
    isObject(entry) ? [{ value: entry, index }] : [],
  );
}

function textList(value: unknown, ...path: string[]): string[] {
  const list = valueAt(value, ...path);
  return Array.isArray(list)
    ? list.filter((entry): entry is string => typeof entry === "string")
    : [];
}

/** A path without `.`, `..`, doubled and trailing slashes. */
export function normalPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === "..") steps.pop();
    else steps.push(step);
  }
  return `/${steps.join("/")}`;
}
