import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { callerUid } from "../../base/caller.ts";
import { UsageError } from "../../base/errors.ts";
import { asObject } from "../../base/json-object.ts";
import { askHelper } from "./credential-helper.ts";
import type { Reference } from "./reference.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A name and a password, or a token that stands for both. */
export type Credentials =
  | { user: string; password: string }
  /** OAuth2's refresh token, which only the registry's token server takes. */
  | { identityToken: string };

/** What is read of a file of credentials; real ones are a few kilobytes. */
const mostBytes = 1024 * 1024;

interface AuthFile {
  auths: Readonly<Record<string, { auth?: unknown; identitytoken?: unknown }>>;
  credHelpers: Readonly<Record<string, unknown>>;
  credsStore: unknown;
}

/**
 * Finds what `podman login` and `docker login` left for a registry: REGISTRY_AUTH_FILE alone where it
 * is set, else the files of containers-auth.json(5), else Docker's. The first that knows the registry
 * counts. Undefined where none does.
 * @throws {UsageError} for a file that is there and cannot be read, and for a helper that fails.
 */
export async function findCredentials(
  reference: Pick<Reference, "registry" | "repository">,
  env: Environment,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  for (const path of await authFiles(env)) {
    const file = await readAuthFile(path, path === env["REGISTRY_AUTH_FILE"]);
    if (file === undefined) continue;
    const found = await lookUp(file, path, reference, env, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function authFiles(env: Environment): Promise<string[]> {
  const set = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const own = set("REGISTRY_AUTH_FILE");
  if (own !== undefined) return [own];
  const home = set("HOME");
  const run = set("XDG_RUNTIME_DIR") ?? `/run/containers/${await callerUid()}`;
  const config = set("XDG_CONFIG_HOME") ?? (home && join(home, ".config"));
  const docker = set("DOCKER_CONFIG") ?? (home && join(home, ".docker"));
  return [
    set("XDG_RUNTIME_DIR") === undefined
      ? join(run, "auth.json")
      : join(run, "containers/auth.json"),
    ...(config ? [join(config, "containers/auth.json")] : []),
    ...(docker ? [join(docker, "config.json")] : []),
  ];
}

async function readAuthFile(path: string, named: boolean): Promise<AuthFile | undefined> {
  const broken = (found: string): UsageError =>
    new UsageError({
      code: "auth-file",
      what: `the credentials in ${path} cannot be read`,
      where: { path },
      // Never its content: that is passwords.
      found,
      allowed: "JSON as `podman login` and `docker login` write it",
      next: "log in anew, or name another file: REGISTRY_AUTH_FILE=FILE",
    });
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw broken(`${size} bytes`);
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof UsageError) throw error;
    if ((code === "ENOENT" || code === "ENOTDIR") && !named) return undefined;
    throw broken(code);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken("no JSON");
  }
  const top = asObject(value);
  if (top === undefined) throw broken("no JSON object");
  return {
    auths: (asObject(top["auths"]) ?? {}) as AuthFile["auths"],
    credHelpers: asObject(top["credHelpers"]) ?? {},
    credsStore: top["credsStore"],
  };
}

async function lookUp(
  { auths, credHelpers, credsStore }: AuthFile,
  path: string,
  reference: Pick<Reference, "registry" | "repository">,
  env: Environment,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const names = registryNames(reference.registry);
  const helper = names.map((name) => credHelpers[name]).find((each) => typeof each === "string");
  const server = names[0] as string;
  if (typeof helper === "string") return askHelper(helper, server, env, signal);
  for (const key of keysOf(reference)) {
    const entry = entryOf(auths, key);
    const found = entry === undefined ? undefined : decode(entry, path);
    if (found !== undefined) return found;
  }
  if (typeof credsStore !== "string" || credsStore === "") return undefined;
  return askHelper(credsStore, server, env, signal);
}

/** The names under which files and helpers know a registry; Docker Hub has had several. */
function registryNames(registry: string): string[] {
  if (registry !== "docker.io") return [registry];
  return ["https://index.docker.io/v1/", "docker.io", "index.docker.io", "registry-1.docker.io"];
}

/** The most particular first: a repository, each folder above it, the registry. */
function keysOf({ registry, repository }: Pick<Reference, "registry" | "repository">): string[] {
  const parts = repository.split("/");
  const below = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  const names = registryNames(registry).map(bare);
  return [...below.map((part) => `${registry}/${part}`), ...names];
}

function entryOf(auths: AuthFile["auths"], key: string): AuthFile["auths"][string] | undefined {
  const name = Object.keys(auths).find((each) => each === key || bare(each) === key);
  return name === undefined ? undefined : asObject(auths[name]);
}

/** Docker's older files have URLs: `https://registry.example/v1/`. */
function bare(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
}

function decode(
  { auth, identitytoken }: AuthFile["auths"][string],
  path: string,
): Credentials | undefined {
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { identityToken: identitytoken };
  }
  if (typeof auth !== "string" || auth === "") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text.indexOf(":");
  if (colon > 0) return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  throw new UsageError({
    code: "auth-file",
    what: `an entry of ${path} is no name and password`,
    where: { path },
    allowed: "NAME:PASSWORD in base64",
    next: "log in anew: podman login REGISTRY, or docker login REGISTRY",
  });
}
