import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { RemoteError, UsageError } from "../../base/errors.ts";
import { isObject, type JsonObject } from "../../base/json-object.ts";
import { maskText } from "../../base/mask.ts";
import { isNoProgram } from "../../base/shell.ts";
import { checkTls } from "../http/check-tls.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { chooseContext, type Kubeconfig } from "./kubeconfig-document.ts";
import { proxyFor } from "./proxy.ts";

/** A cluster that we may ask, and who we are there. */
export interface Access {
  context: string;
  /** Namespace of the context; `default` where it names none. */
  namespace: string;
  api: Endpoint;
  /** We are somebody else there by impersonation, which kubelets do not know. */
  impersonates: boolean;
}

/**
 * Logs in with a context of a kubeconfig, by the Kubernetes project's own client: certificates,
 * tokens and their files, login programs (exec), OIDC, proxies. Without TLS nobody is logged in.
 * @throws {UsageError} where the context leads nowhere or its files are of no use.
 * @throws {RemoteError} where the login program fails.
 */
export async function logIn(
  config: Kubeconfig,
  context: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Access> {
  const name = context ?? config["current-context"];
  if (name === undefined) throw noContext(config, "no current context", "--context NAME");
  const choice = chooseContext(config, name);
  if (choice === undefined) throw noContext(config, `context ${name}`, "a context with a cluster");
  const cluster = isObject(choice.cluster["cluster"]) ? choice.cluster["cluster"] : {};
  const base = serverOf(cluster["server"], name);
  const secret = base.protocol === "https:";
  const user = await userOf(
    secret ? choice.user?.["user"] : unproven(choice.user?.["user"]),
    cluster,
  );
  const proxy = cluster["proxy-url"] || proxyFor(base, env);
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const client = new KubeConfig();
  client.loadFromString(
    JSON.stringify({
      clusters: [
        {
          name,
          cluster: {
            ...cluster,
            "proxy-url": proxy,
            // Without TLS there is nothing to verify; the client wants that said.
            ...(secret ? {} : { "insecure-skip-tls-verify": true }),
          },
        },
      ],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    }),
  );
  const options: RequestOptions = {};
  await client.applyToHTTPSOptions(options).catch((error: unknown) => {
    throw loginFailed(error, user, name);
  });
  const api = endpointOf(base, options, proxy);
  await checkTls(api.tls, "the kubeconfig's certificates");
  const body = isObject(choice.context["context"]) ? choice.context["context"] : {};
  const namespace = body["namespace"];
  return {
    context: name,
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default",
    api,
    impersonates: typeof user["as"] === "string" && user["as"] !== "",
  };
}

function noContext(config: Kubeconfig, found: string, allowed: string): UsageError {
  const names = config.contexts.map((entry) => entry.name).join(", ");
  return new UsageError({
    code: "no-context",
    what: "the kubeconfig does not say which cluster is meant",
    found,
    allowed: names === "" ? allowed : `--context with one of ${names}`,
    next: "kubectl config get-contexts",
  });
}

function serverOf(server: unknown, context: string): URL {
  const url = typeof server === "string" && URL.canParse(server) ? new URL(server) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError({
    code: "kubeconfig",
    what: `the cluster of context ${context} has no server that can be asked`,
    found: typeof server === "string" ? maskText(server) : "none",
    allowed: "https://HOST:PORT",
    next: "see what kubectl config view says of it",
  });
}

/** A user without what proves who it is: as kubectl does, that is not sent without TLS. */
function unproven(value: unknown): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => /^as(?:-|$)/.test(name)));
}

/** The user with its token read and its login program told which cluster it is for. */
async function userOf(value: unknown, cluster: JsonObject): Promise<JsonObject> {
  const user: { [key: string]: unknown } = isObject(value) ? { ...value } : {};
  const { tokenFile } = user;
  if (typeof tokenFile === "string" && tokenFile !== "" && !user["token"]) {
    const text = await readFile(tokenFile, "utf8").catch((error: NodeJS.ErrnoException) => {
      throw new UsageError({
        code: "token-file",
        what: `the token file cannot be read: ${error.code ?? "no reason given"}`,
        where: { path: tokenFile },
        next: "see tokenFile in the kubeconfig",
      });
    });
    user["token"] = text.trim();
  }
  const { exec } = user;
  if (isObject(exec)) {
    const env = Array.isArray(exec["env"]) ? exec["env"].filter(isObject) : [];
    user["exec"] = {
      ...exec,
      env: [...env, { name: "KUBERNETES_EXEC_INFO", value: execInfo(exec, cluster) }],
    };
  }
  return user;
}

/** What client-go hands to login programs: which version of their protocol, and for which cluster. */
function execInfo(exec: JsonObject, cluster: JsonObject): string {
  const given = exec["provideClusterInfo"] === true ? { cluster } : {};
  return JSON.stringify({
    apiVersion: exec["apiVersion"] ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false, ...given },
  });
}

function loginFailed(error: unknown, user: JsonObject, context: string): Error {
  const { code, message = "", path } = error as NodeJS.ErrnoException;
  const { exec } = user;
  if (isObject(exec)) {
    const command = `${exec["command"] ?? "no command"}`;
    // What a program printed as its answer may hold the token, so a syntax error is not quoted.
    const said = error instanceof SyntaxError || error instanceof TypeError ? "" : message;
    const hint = typeof exec["installHint"] === "string" ? exec["installHint"] : undefined;
    return new RemoteError({
      code: "login-failed",
      what: `the login program of context ${context} gave no credentials`,
      found: said === "" ? `${command} printed no ExecCredential` : `${command}: ${tail(said)}`,
      next: isNoProgram(code, command)
        ? (hint ?? `install ${command}`)
        : "run it by hand and see what it says",
    });
  }
  return new UsageError({
    code: "kubeconfig",
    what: `the user of context ${context} cannot log in`,
    ...(path === undefined ? {} : { where: { path } }),
    found: code ?? (error instanceof SyntaxError ? "it is not well-formed" : tail(message)),
    next: "see whether the files that the kubeconfig names are there: kubectl config view",
  });
}

function tail(text: string): string {
  return maskText(text.trim().split("\n").slice(-3).join(" | ")).slice(-400);
}

function endpointOf(base: URL, options: RequestOptions, proxy: unknown): Endpoint {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = `${value}`.trim();
  }
  const secrets: string[] = [];
  if (typeof options.auth === "string") {
    const encoded = Buffer.from(options.auth).toString("base64");
    headers["authorization"] = `Basic ${encoded}`;
    secrets.push(encoded, options.auth.slice(options.auth.indexOf(":") + 1));
  }
  const bearer = /^Bearer (.*)$/i.exec(headers["authorization"] ?? "");
  if (bearer !== null) secrets.push(bearer[1] as string);
  const pem = (value: unknown): string | Buffer | undefined =>
    typeof value === "string" || Buffer.isBuffer(value) ? value : undefined;
  return {
    base,
    tls: {
      ca: pem(options.ca),
      cert: pem(options.cert),
      key: pem(options.key),
      serverName: options.servername,
      insecure: options.rejectUnauthorized === false,
    },
    headers,
    agent:
      typeof proxy === "string" && typeof options.agent === "object" ? options.agent : undefined,
    secrets,
  };
}
