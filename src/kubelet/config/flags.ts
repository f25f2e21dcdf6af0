/** One flag of a running kubelet, in the order of its command line. */
export interface KubeletFlag {
  /** Without the leading hyphens, `_` written as `-`. */
  name: string;
  value: string;
}

/** Flags that may stand without a value, and never take the next word for one. */
const switches = new Set([
  "allow-privileged",
  "anonymous-auth",
  "authentication-token-webhook",
  "cgroups-per-qos",
  "cpu-cfs-quota",
  "enable-controller-attach-detach",
  "enable-debugging-handlers",
  "enable-server",
  "exit-on-lock-contention",
  "experimental-allocatable-ignore-eviction",
  "fail-cgroupv1",
  "fail-swap-on",
  "help",
  "kernel-memcg-notification",
  "local-storage-capacity-isolation",
  "make-iptables-util-chains",
  "protect-kernel-defaults",
  "register-node",
  "rotate-certificates",
  "rotate-server-certificates",
  "runonce",
  "seccomp-default",
  "serialize-image-pulls",
  "windows-service",
]);

/**
 * Flags of a command line as pflag reads them: `--name=value`, `--name value`, a switch alone.
 * Words that are no flags (a command such as `kubelet` of hyperkube) are passed over; `--` ends.
 * @param words the command line without the program.
 */
export function parseFlags(words: readonly string[]): KubeletFlag[] {
  const flags: KubeletFlag[] = [];
  for (let at = 0; at < words.length; at++) {
    const match = /^(?:--|-(?=v(?:=|$)))([^=]+)(?:=([\s\S]*))?$/.exec(words[at] as string);
    if (words[at] === "--") break;
    if (match === null) continue;
    const name = (match[1] as string).replaceAll("_", "-");
    const next = words[at + 1];
    if (match[2] !== undefined) flags.push({ name, value: match[2] });
    else if (switches.has(name) || next === undefined) flags.push({ name, value: "true" });
    else {
      flags.push({ name, value: next });
      at += 1;
    }
  }
  return flags;
}

/** The value of a flag, the last where it stands more than once. */
export function flagValue(flags: readonly KubeletFlag[], name: string): string | undefined {
  return flags.findLast((flag) => flag.name === name)?.value;
}

/** `A=true,B=false` of all `--feature-gates`, later ones winning. */
export function gateFlags(flags: readonly KubeletFlag[]): Map<string, boolean> {
  const gates = new Map<string, boolean>();
  for (const { name, value } of flags) {
    if (name !== "feature-gates") continue;
    for (const entry of value.split(",")) {
      const match = /^\s*([\w.-]+)\s*=\s*(\w+)\s*$/.exec(entry);
      const state = match === null ? undefined : goBoolean(match[2] as string);
      if (match !== null && state !== undefined) gates.set(match[1] as string, state);
    }
  }
  return gates;
}

/** What Go's strconv.ParseBool takes. */
export function goBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return false;
  return undefined;
}
