import type { Severity } from "../severity.ts";

/** What the policy says of one rule. */
export interface RuleSetting {
  enabled?: boolean;
  severity?: Severity;
}

/**
 * Something that was looked at and is accepted. At least one of the four conditions is given; all
 * that are have to fit.
 */
export interface AllowEntry {
  /** Of a finding, or of a secret. */
  fingerprint?: string;
  /** Id of a rule, or a pattern of ids: `attack/*`. */
  rule?: string;
  /** Id of a detector of secrets. */
  detector?: string;
  /** Pattern that every place of the finding has to match, by its path, member or mapping. */
  path?: string;
  reason: string;
  /** RFC 3339 date, of which the end in UTC is meant, or time, after which it counts again. */
  expires?: string;
}

/** A detector of the policy's own. */
export interface OwnDetector {
  id: string;
  title: string;
  /** Texts of which each match contains one, whatever the case. */
  keywords: string[];
  /** Regular expression; it is run so that it can hang nothing. */
  expression: string;
  severity?: Severity;
}

/** A complete policy: what a file leaves out stands in `defaultPolicy`. */
export interface Policy {
  /** Findings as grave as this make the exit code 1; `none`: no finding does. */
  failOn: Severity | "none";
  rules: Readonly<Record<string, RuleSetting>>;
  thresholds: {
    /** Seconds after which an archive is old; null: never. */
    maxAge: number | null;
    /** Archives of one container, and bytes of one container, pod, namespace and folder. */
    maxArchivesPerContainer: number | null;
    maxBytesPerContainer: number | null;
    maxBytesPerPod: number | null;
    maxBytesPerNamespace: number | null;
    maxBytesPerDirectory: number | null;
    /** Bytes that have to stay free where the archives lie; null: any. */
    minFreeBytes: number | null;
    /** Seconds by which clocks may differ. */
    clockSkew: number;
  };
  /** What is expected; null: anything is. Patterns are those of `compilePattern`. */
  expect: {
    runtimes: readonly string[] | null;
    images: readonly string[] | null;
    namespaces: readonly string[] | null;
    /** `tcp/8080`, `udp/*`, `tcp/127.0.0.1:*`. */
    listeners: readonly string[] | null;
    /** Peers of connections: `tcp/10.0.0.0/8:5432`, `tcp/*:443`. */
    outbound: readonly string[] | null;
    /** Folders in which archives are at home. */
    directories: readonly string[];
    /** Host paths that may be mounted writable. */
    writableHostPaths: readonly string[];
    /** Capabilities that are nothing to tell, with `CAP_`. */
    capabilities: readonly string[];
  };
  secrets: {
    /** Detectors that are not run. */
    disabled: readonly string[];
    own: readonly OwnDetector[];
  };
  allow: readonly AllowEntry[];
  /** Patterns of the paths of archives that no prune deletes. */
  keep: readonly string[];
}

/** Capabilities that Kubernetes' runtimes, Docker and Podman all give without being asked. */
const defaultCapabilities = [
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_MKNOD",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_RAW",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
] as const;

/** The policy of an audit that was given none. */
export const defaultPolicy: Policy = {
  failOn: "high",
  rules: {},
  thresholds: {
    maxAge: 7 * 86_400,
    maxArchivesPerContainer: 5,
    maxBytesPerContainer: null,
    maxBytesPerPod: null,
    maxBytesPerNamespace: null,
    maxBytesPerDirectory: null,
    minFreeBytes: 1024 ** 3,
    clockSkew: 300,
  },
  expect: {
    runtimes: null,
    images: null,
    namespaces: null,
    listeners: null,
    outbound: null,
    directories: ["/var/lib/kubelet/checkpoints"],
    writableHostPaths: [],
    capabilities: defaultCapabilities,
  },
  secrets: { disabled: [], own: [] },
  allow: [],
  keep: [],
};
