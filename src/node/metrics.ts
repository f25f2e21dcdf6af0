/** What the kubelet's metrics say of itself. */
interface KubeletMetrics {
  /** Gates by name, of `kubernetes_feature_enabled`. */
  gates: Record<string, boolean>;
  /** `git_version` of `kubernetes_build_info`. */
  version: string | null;
}

/** Reads the two families that matter of a Prometheus text, line by line. */
export function readMetrics(text: string): KubeletMetrics {
  const gates = new Map<string, boolean>();
  let version: string | null = null;
  for (const [, family, labels, value] of text.matchAll(
    /^(kubernetes_feature_enabled|kubernetes_build_info)\{([^}\n]{0,4096})\} ([\d.e+]{1,32})/gm,
  )) {
    const named = new Map(
      [...(labels as string).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
        ([, name, text]) => [name as string, text as string] as const,
      ),
    );
    if (family === "kubernetes_build_info") version = named.get("git_version") ?? version;
    else if (named.has("name")) gates.set(named.get("name") as string, Number(value) === 1);
  }
  return { gates: Object.fromEntries(gates), version };
}
