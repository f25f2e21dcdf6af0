import { parseSeconds } from "../base/duration.ts";
import { RemoteError } from "../base/errors.ts";
import { kubeletPort } from "./cluster/pod.ts";
import { type EffectiveKubelet, settingOf } from "./config/effective.ts";

/** A kubelet on this machine, by its own configuration. */
interface LocalKubelet {
  url: URL;
  /** Files that its certificate may be known by: the certificate itself, where it signed its own, and the cluster's authority. */
  authorities: string[];
  /** What it gives its runtime, in seconds; undefined where that cannot be read. */
  requestTimeout: bigint | undefined;
}

/**
 * Where the kubelet of this machine listens, and what its certificate can be compared with.
 * @throws {RemoteError} where it serves nothing.
 */
export function localKubelet(
  kubelet: Pick<EffectiveKubelet, "certDir" | "settings">,
): LocalKubelet {
  const setting = (name: string): string => settingOf(kubelet.settings, name, "string") ?? "";
  if (settingOf(kubelet.settings, "enableServer", "boolean") === false) {
    throw new RemoteError({
      code: "kubelet-serves-nothing",
      what: "the kubelet of this machine was told to serve nothing",
      found: "enableServer: false",
      allowed: "enableServer: true",
      next: "set it in the kubelet's configuration and restart the kubelet",
    });
  }
  const address = setting("address");
  const anywhere = address === "" || address === "0.0.0.0" || address === "::";
  const host = anywhere ? "127.0.0.1" : address;
  const { certDir } = kubelet;
  const own = setting("tlsCertFile");
  return {
    url: new URL(
      `https://${host.includes(":") ? `[${host}]` : host}:${settingOf(kubelet.settings, "port", "number") ?? kubeletPort}`,
    ),
    authorities: [
      ...(own === "" ? [`${certDir}/kubelet-server-current.pem`, `${certDir}/kubelet.crt`] : [own]),
      setting("authentication.x509.clientCAFile"),
    ].filter((path) => path !== ""),
    requestTimeout: secondsOf(setting("runtimeRequestTimeout")),
  };
}

function secondsOf(text: string): bigint | undefined {
  const parsed = parseSeconds(text);
  return "seconds" in parsed ? parsed.seconds : undefined;
}
