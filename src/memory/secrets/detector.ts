/** What kind of secret; also the file in `detectors` that holds it. */
export type DetectorGroup =
  | "cloud"
  | "source-hosting"
  | "chat"
  | "payment"
  | "registry"
  | "database"
  | "observability"
  | "artificial-intelligence"
  | "infrastructure"
  | "token"
  | "key-material"
  | "assignment";

/** How sure it is that a hit is a secret, and how much harm it does. */
export type SecretSeverity = "critical" | "high" | "medium" | "low" | "info";

/** What a detector's own look at a candidate says: undefined where it is no secret after all. */
export interface Judgement {
  /** How it was proven offline: a checksum, its structure, or by its form alone. */
  proof: "checksum" | "structure" | "form";
  /**
   * What is told of it beside its masked value: issuer, expiry, subject, algorithm. Never the secret
   * itself nor a part of it.
   */
  facts?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /**
   * What the secret is beneath the ways to write it, where there are several: a key without its line
   * ends. Its fingerprint is taken of this, or else of the secret's own characters. Never shown.
   */
  identity?: string;
  /** Where it is graver or milder than its detector says: an expired token, a public key. */
  severity?: SecretSeverity;
}

/** A candidate: what an expression matched, characters of one byte each. */
export interface Candidate {
  /** The whole match, and the part of it that is secret (the group `secret`, or all of it). */
  match: string;
  secret: string;
  /** Named groups of the expression. */
  groups: Readonly<Record<string, string | undefined>>;
}

/** A match of a search of a detector's own. Offsets count characters of one byte each. */
export interface Match {
  index: number;
  match: string;
  groups: Readonly<Record<string, string | undefined>>;
}

/** One kind of secret. */
export interface Detector {
  /** `aws-access-key-id`: stable for ever. */
  id: string;
  title: string;
  group: DetectorGroup;
  severity: SecretSeverity;
  /**
   * Lower-case ASCII texts, of three characters at least, of which each match contains one (in
   * upper or lower case). The kernel looks for them; the expression is asked only around them.
   */
  keywords: readonly string[];
  /**
   * JavaScript's syntax, over characters of one byte each, without flags but `i` and `s`. Must not
   * be able to backtrack without bound. May look behind and ahead by 16 characters. The group
   * `secret` is the part that is secret; without it the whole match is.
   */
  expression: RegExp;
  /**
   * The first match that begins at or behind `from`, in place of `expression`: what a policy brings
   * is asked of an engine that cannot backtrack, and its `expression` matches nothing.
   */
  find?(text: string, from: number): Match | undefined;
  /** Most characters that a match has, before and behind the keyword together. */
  longest: number;
  /** Most characters of a match before its keyword: 0 where it begins with it. Else `longest`. */
  lead?: number;
  /** Looks closer: checksum, structure, entropy. Without it every match is a secret by its form. */
  judge?(candidate: Candidate): Judgement | undefined;
}
