import type { Became } from "../../audit/diff/change.ts";
import type { SideFacts } from "../../audit/diff/identity.ts";
import type { Finding, FindingPlace } from "../../audit/finding.ts";
import type { RuleText } from "../../audit/rule.ts";
import type { Severity } from "../../audit/severity.ts";
import type { Problem } from "../../base/problem.ts";
import type { Secret } from "../../memory/secrets/secret.ts";
import type { MemberForm } from "./member-rows.ts";

/**
 * What a search through an archive found. While memory is looked through, parts come that have no
 * rows and say how far it is.
 */
export interface HuntPart<Row> {
  /** Null in parts that tell of progress alone. */
  rows: Row[] | null;
  /** Was memory looked through, or is it being looked through? */
  memory: boolean;
  /** Bytes looked at, and bytes there are. */
  searched: number;
  total: number;
  problems: Problem[];
}

/** A finding as it is listed. */
export interface FindingRow {
  fingerprint: string;
  ruleId: string;
  severity: Severity;
  title: string;
  message: string;
  places: number;
  /** The policy allows it. */
  allowed: boolean;
}

/** A secret as it is listed. */
export interface SecretRow {
  fingerprint: string;
  severity: Severity;
  title: string;
  /** The secret itself where secrets are shown, else what may be shown of it. */
  shown: string;
  places: number;
  /** Of what kinds its places are: `environment, memory`. */
  where: string;
}

/** A place that somebody can go to. */
export interface PlaceRow {
  place: FindingPlace;
  /** What is to be said of it besides: `environment, PASSWORD`. */
  note: string;
  /** How its member is looked into; null where there is none in the archive. */
  form: MemberForm | null;
}

export interface FindingFacts {
  finding: Finding;
  rule: RuleText | null;
  places: PlaceRow[];
}

export interface SecretFacts {
  secret: Secret;
  places: PlaceRow[];
}

/** One difference between two checkpoints, as it is listed. */
export interface DiffRow {
  section: string;
  change: Became;
  /** `new`, `gone`, `changed`, or a word that says more. */
  word: string;
  subject: string;
  /** What there is to say of it, each in a few words. */
  parts: string[];
  /** Where it is in the later checkpoint; in the earlier one where it went. */
  pid: number | null;
  address: bigint | null;
}

export interface DiffPart {
  /** Null in parts that tell of progress alone. */
  rows: DiffRow[] | null;
  before: SideFacts | null;
  after: SideFacts | null;
  sameContainer: boolean | null;
  /** Bytes of pages that were compared. */
  compared: number;
  problems: Problem[];
}
