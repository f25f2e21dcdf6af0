import { readFile } from "node:fs/promises";
import { UsageError } from "../base/errors.ts";
import { kubeletPort } from "./cluster/pod.ts";
import { checkTls } from "./http/check-tls.ts";
import type { Endpoint, TlsSettings } from "./http/endpoint.ts";

/** How to prove oneself to a kubelet, and it to us: paths of files as the caller named them. */
export interface KubeletOptions {
  certificateAuthority?: string;
  clientCertificate?: string;
  clientKey?: string;
  tokenFile?: string;
  tlsServerName?: string;
  insecureSkipTlsVerify?: boolean;
}

/**
 * The address of a kubelet: `https://host:port`, `host:port` or `host`.
 * @throws {UsageError} where it is none, or holds what does not belong there.
 */
export function kubeletAddress(text: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const fault = (found: string): UsageError =>
    new UsageError({
      code: "kubelet-address",
      what: "--kubelet gives no address that can be asked",
      found,
      allowed: `https://HOST:${kubeletPort}`,
      next: "cryoscope checkpoint --help",
    });
  if (url === undefined) throw fault("something that is no URL");
  // It may hold a password, so it is not quoted.
  if (url.username !== "" || url.password !== "") throw fault("a user or a password in the URL");
  if (url.search !== "" || url.hash !== "") throw fault("a query in the URL");
  if (!/^https?:$/.test(url.protocol)) throw fault(`the protocol ${url.protocol}//`);
  // URL drops 443 from https, and so cannot tell it from none.
  const bare = url.port === "" && !/:\d+(\/|$)/.test(whole.replace(/^[a-z+.-]+:\/\//i, ""));
  if (bare) url.port = `${kubeletPort}`;
  return url;
}

/**
 * A kubelet that is asked by itself. What the options leave open comes from `known`, the cluster
 * that we are logged in to.
 * @throws {UsageError} where a file cannot be read or is of no use.
 */
export async function kubeletEndpoint(
  base: URL,
  options: KubeletOptions,
  known?: Endpoint,
): Promise<Endpoint> {
  const { certificateAuthority, clientCertificate, clientKey, tokenFile } = options;
  const own = clientCertificate !== undefined || clientKey !== undefined || tokenFile !== undefined;
  const given = own ? undefined : known;
  const tls: TlsSettings = {
    ca: (await contents(certificateAuthority, "--certificate-authority")) ?? known?.tls.ca,
    cert: (await contents(clientCertificate, "--client-certificate")) ?? given?.tls.cert,
    key: (await contents(clientKey, "--client-key")) ?? given?.tls.key,
    serverName: options.tlsServerName,
    insecure: options.insecureSkipTlsVerify === true,
  };
  await checkTls(tls, "the certificates for the kubelet");
  const header = given?.headers["authorization"];
  // Kubelets know tokens only; a password would be shown to the node for nothing.
  const inherited = /^Bearer (.+)$/i.exec(header ?? "")?.[1];
  const token = tokenFile === undefined ? inherited : await tokenIn(tokenFile);
  if (token !== undefined && base.protocol === "http:") throw unsealed();
  return {
    base,
    tls,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    secrets: token === undefined ? [] : [token],
  };
}

function unsealed(): UsageError {
  return new UsageError({
    code: "plain-http",
    what: "a token is not sent without TLS",
    found: "http://",
    allowed: "https://",
    next: "write https:// in --kubelet",
  });
}

async function contents(path: string | undefined, option: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError({
      code: "file",
      what: `the file of ${option} cannot be read: ${error.code ?? "no reason given"}`,
      where: { path },
      next: "kubelets keep their files below /var/lib/kubelet/pki, clusters of kubeadm below /etc/kubernetes/pki; both are root's",
    });
  });
}

async function tokenIn(path: string): Promise<string> {
  const token = ((await contents(path, "--token-file")) ?? "").trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError({
    code: "token-file",
    what: "the file of --token-file holds no token",
    where: { path },
    found: token === "" ? "nothing" : "several words or lines, or characters that no token has",
    allowed: "one token and nothing else",
    next: "kubectl create token SERVICEACCOUNT > FILE",
  });
}
