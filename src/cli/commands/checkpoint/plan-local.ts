import { X509Certificate } from "node:crypto";
import { RemoteError } from "../../../base/errors.ts";
import type { Problem } from "../../../base/problem.ts";
import { type KubeletOptions, kubeletEndpoint } from "../../../kubelet/direct.ts";
import { localKubelet } from "../../../kubelet/local.ts";
import { type Plan, planDirect } from "../../../kubelet/planned.ts";
import type { NamedTarget } from "../../../kubelet/target.ts";
import { folderHost } from "../../../node/folder-host.ts";
import { kubeletFacts } from "../../../node/kubelet.ts";
import { findProcesses } from "../../../node/processes.ts";
import { installedPackages } from "../../../node/programs.ts";

/**
 * Calls to the kubelet of this machine, found by its own configuration: its port, its certificate
 * and how long it waits. Who asks is up to the options, as with any kubelet.
 * @param root the folder that stands for `/`.
 */
export async function planLocal(
  root: string,
  words: readonly string[],
  targets: readonly NamedTarget[],
  options: KubeletOptions,
): Promise<Plan> {
  const host = folderHost(root);
  const problems: Problem[] = [];
  const found = findProcesses(host);
  const processes = found.state === "found" ? found.value : new Map();
  const kubelet = await kubeletFacts(host, processes, installedPackages(host), problems);
  const effective = kubelet?.effective ?? undefined;
  if (effective === undefined) throw noKubelet(kubelet?.effectiveWhy ?? "no kubelet runs here");
  const { url, authorities, requestTimeout } = localKubelet(effective);
  const texts = authorities.flatMap((path) => {
    const text = host.text(path);
    return text.state === "found" ? [text.value] : [];
  });
  const known = { base: url, tls: { ca: texts.join("\n") || undefined }, headers: {}, secrets: [] };
  const endpoint = await kubeletEndpoint(
    url,
    { ...nameIn(texts[0], url.hostname), ...options },
    known,
  );
  return { ...planDirect(endpoint, words, targets, true), kubeletPatience: requestTimeout };
}

/** The certificate is rarely for the loopback: the name that it bears has to be asked for. */
function nameIn(certificate: string | undefined, host: string): KubeletOptions {
  try {
    const parsed = new X509Certificate(certificate ?? "");
    if (parsed.checkIP(host) !== undefined || parsed.checkHost(host) !== undefined) return {};
    const [, name] = /(?:DNS|IP Address):([^,\s]+)/.exec(parsed.subjectAltName ?? "") ?? [];
    return name === undefined ? {} : { tlsServerName: name };
  } catch {
    // It may be missing, or unreadable for who we are; then the usual check speaks.
    return {};
  }
}

function noKubelet(found: string): RemoteError {
  return new RemoteError({
    code: "no-local-kubelet",
    what: "the kubelet of this machine cannot be found by its configuration",
    found,
    allowed: "a kubelet that runs here, or its systemd unit",
    next: "cryoscope node says what there is; --kubelet https://HOST:10250 asks one by its address",
  });
}
