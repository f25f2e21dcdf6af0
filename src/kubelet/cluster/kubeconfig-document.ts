import { isAbsolute, join } from "node:path";
import { isObject } from "../../base/json-object.ts";

/** A file of kubeconfig form, parsed, and the folder that its paths are relative to. */
export interface KubeconfigPart {
  document: unknown;
  folder: string;
}

interface Named {
  name: string;
  [key: string]: unknown;
}

/** What kubeconfigs say together, with absolute paths, in the form of one of them. */
export interface Kubeconfig {
  clusters: Named[];
  users: Named[];
  contexts: Named[];
  "current-context": string | undefined;
}

/**
 * Joins kubeconfigs as kubectl does: of entries of one name the first counts, and so does the first
 * current context. Paths become absolute, those of login programs too.
 */
export function joinKubeconfigs(parts: readonly KubeconfigPart[]): Kubeconfig {
  const joined: Kubeconfig = {
    clusters: [],
    users: [],
    contexts: [],
    "current-context": undefined,
  };
  for (const { document, folder } of parts) {
    if (!isObject(document)) continue;
    for (const list of ["clusters", "users", "contexts"] as const) {
      const known = new Set(joined[list].map(({ name }) => name));
      for (const entry of namedEntries(document[list])) {
        if (known.has(entry.name)) continue;
        known.add(entry.name);
        joined[list].push(withPaths(entry, folder));
      }
    }
    const current = document["current-context"];
    if (typeof current === "string" && current !== "") joined["current-context"] ??= current;
  }
  return joined;
}

function namedEntries(value: unknown): Named[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is Named =>
      isObject(entry) && typeof entry["name"] === "string" && entry["name"] !== "",
  );
}

function withPaths(entry: Named, folder: string): Named {
  const absolute = (path: unknown): unknown =>
    typeof path === "string" && path !== "" && !isAbsolute(path) ? join(folder, path) : path;
  const change = (part: unknown, keys: readonly string[]): unknown => {
    if (!isObject(part)) return part;
    const changed: { [key: string]: unknown } = { ...part };
    for (const key of keys) if (key in changed) changed[key] = absolute(changed[key]);
    return changed;
  };
  const cluster = change(entry["cluster"], ["certificate-authority"]);
  const user: unknown = change(entry["user"], ["client-certificate", "client-key", "tokenFile"]);
  return {
    ...entry,
    ...(cluster === undefined ? {} : { cluster }),
    ...(user === undefined ? {} : { user: withCommand(user, absolute) }),
  };
}

/** A login program without a slash is looked up in PATH. */
function withCommand(user: unknown, absolute: (path: unknown) => unknown): unknown {
  if (!isObject(user) || !isObject(user["exec"])) return user;
  const { command } = user["exec"];
  if (typeof command !== "string" || !command.includes("/")) return user;
  return { ...user, exec: { ...user["exec"], command: absolute(command) } };
}

/** The parts of a context's choice. Undefined where a name leads nowhere. */
interface Choice {
  context: Named;
  cluster: Named;
  user: Named | undefined;
}

/** Finds what a context points to. */
export function chooseContext(config: Kubeconfig, name: string): Choice | undefined {
  const context = config.contexts.find((entry) => entry.name === name);
  const body = isObject(context?.["context"]) ? context["context"] : {};
  const cluster = config.clusters.find((entry) => entry.name === body["cluster"]);
  const user = config.users.find((entry) => entry.name === body["user"]);
  return context === undefined || cluster === undefined ? undefined : { context, cluster, user };
}
