import { readFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { joinKubeconfigs, type Kubeconfig, type KubeconfigPart } from "./kubeconfig-document.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const account = "/var/run/secrets/kubernetes.io/serviceaccount";
/** Real ones are below 100 KiB; with a thousand clusters, some MiB. */
const largest = 16 * 1024 * 1024;

/**
 * The kubeconfig of a call: `--kubeconfig`, else the files of `KUBECONFIG`, else `~/.kube/config`,
 * else the service account of the pod that we run in.
 * @throws {UsageError} where there is none, or one cannot be read. It never quotes their text.
 */
export async function findKubeconfig(
  file: string | undefined,
  env: Environment,
): Promise<Kubeconfig> {
  if (file !== undefined) return joinKubeconfigs([await part(file)]);
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const home = env["HOME"] ?? env["USERPROFILE"];
  const paths = listed.length > 0 || home === undefined ? listed : [join(home, ".kube", "config")];
  const parts: KubeconfigPart[] = [];
  for (const path of paths) {
    // As kubectl does: of several files some may be missing.
    const found = await part(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (found !== undefined) parts.push(found);
  }
  if (parts.length > 0) return joinKubeconfigs(parts);
  const inside = await inCluster(env);
  if (inside !== undefined) return inside;
  throw new UsageError({
    code: "no-kubeconfig",
    what: "there is no kubeconfig, and no kubelet was named",
    found: paths.length === 0 ? "neither KUBECONFIG nor HOME is set" : `no ${paths.join(", no ")}`,
    allowed: "--kubeconfig FILE, KUBECONFIG, ~/.kube/config, or --kubelet https://NODE:10250",
    next: "cryoscope checkpoint --help",
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof UsageError && error.detail.code === "missing";
}

async function part(path: string): Promise<KubeconfigPart> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError({
      code: error.code === "ENOENT" ? "missing" : "kubeconfig",
      what: `the kubeconfig cannot be read: ${error.code ?? "no reason given"}`,
      where: { path },
      next: "give another with --kubeconfig",
    });
  });
  return { document: await parse(path, text), folder: dirname(resolve(path)) };
}

async function parse(path: string, text: string): Promise<unknown> {
  const { default: yaml } = await import("yaml");
  const lines = new yaml.LineCounter();
  const fault = (found: string): UsageError =>
    new UsageError({
      code: "kubeconfig",
      what: "the kubeconfig is no YAML that can be read",
      where: { path },
      found,
      next: "see what kubectl config view says of it",
    });
  if (text.length > largest) throw fault("it is larger than 16 MiB");
  const document = yaml.parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  const [first] = document.errors;
  // The parser's own message quotes the line, and the line may be a token.
  if (first !== undefined) throw fault(`line ${lines.linePos(first.pos[0]).line}: ${first.code}`);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw fault("its aliases multiply it");
  }
}

/** A pod's own account, as the cluster mounts it. */
async function inCluster(env: Environment): Promise<Kubeconfig | undefined> {
  const [host, port] = [env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"] ?? "443"];
  if (host === undefined || host === "") return undefined;
  const namespace = await readFile(join(account, "namespace"), "utf8").catch(() => undefined);
  if (namespace === undefined) return undefined;
  const name = "in-cluster";
  return {
    clusters: [
      {
        name,
        cluster: {
          server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
          "certificate-authority": join(account, "ca.crt"),
        },
      },
    ],
    users: [{ name, user: { tokenFile: join(account, "token") } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: namespace.trim() } }],
    "current-context": name,
  };
}
