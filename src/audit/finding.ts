import { createHash } from "node:crypto";
import type { Severity } from "./severity.ts";

/** Where a finding was made. All that is known is given. */
export interface FindingPlace {
  /** File or folder on disk, where it is not the archive itself. */
  path?: string;
  /** Member of the archive; `OUTER!INNER` for one of an archive inside the archive. */
  member?: string;
  /** Byte offset in the member, or in the archive where there is no member. */
  offset?: number;
  /** Number of the entry in a CRIU image, counted from 0. */
  entry?: number;
  /** Place in a JSON document: `/linux/seccomp` (RFC 6901). */
  pointer?: string;
  /** Pid inside the container. */
  pid?: number;
  /** Address in the memory of `pid`. */
  address?: bigint;
  /** What is mapped there: a path, `[heap]`, `[stack]`, `anonymous`. */
  mapping?: string;
  /** Descriptor of `pid`. */
  fd?: number;
}

/** What a rule saw: one for each thing that somebody would mend by itself. */
export interface Sighting {
  /** One sentence without a final stop, archive text unsanitised, secrets masked. */
  message: string;
  /**
   * What tells it from other sightings of the same rule, and is the same in another checkpoint of
   * the same container: a path, a name, a capability. No address, no descriptor, no pid but 1.
   */
  key: string;
  places?: readonly FindingPlace[];
  /** Where it is graver or milder than the rule usually is. */
  severity?: Severity;
  /** Where the remedy is more exact than the rule's. A command where there is one. */
  remedy?: string;
  /** Facts for scripts, secrets masked. */
  facts?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Fingerprint of the secret, and its detector, where it is one (see memory/secrets). */
  secret?: { fingerprint: string; detector: string };
}

/** Why a finding counts no more: an entry of the policy's allow-list. */
interface Allowance {
  reason: string;
  /** RFC 3339 date or time after which it counts again; null for never. */
  expires: string | null;
}

/** What is wrong with one archive. */
export interface Finding {
  ruleId: string;
  group: string;
  title: string;
  severity: Severity;
  message: string;
  remedy: string;
  /** Stable over runs and over checkpoints of one container: 32 hex digits. */
  fingerprint: string;
  places: readonly FindingPlace[];
  facts: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  secret: { fingerprint: string; detector: string } | null;
  /** Set where the policy allows it; it is shown, and counts for no threshold. */
  allowed: Allowance | null;
}

/** The fingerprint of a finding: of the rule and of what it is about, and of nothing else. */
export function findingFingerprint(ruleId: string, key: string): string {
  return createHash("sha256").update(`${ruleId}\0${key}`).digest("hex").slice(0, 32);
}
