import type { DetectorGroup, Judgement, SecretSeverity } from "./detector.ts";

/** Where a secret lies, from the place that most people can read to the one that fewest can. */
export const secretPlaceKinds = [
  "log",
  "volume",
  "rootfs",
  "metadata",
  "deleted-file",
  "queue",
  "command-line",
  "environment",
  "image",
  "memory",
] as const;

export type SecretPlaceKind = (typeof secretPlaceKinds)[number];

/** One place of a secret. Offsets in bytes. */
export interface SecretPlace {
  kind: SecretPlaceKind;
  /** For memory, command lines and environments: who sees it, and where. */
  pid?: number;
  address?: bigint;
  /** What is mapped there: a path, `[heap]`, `[stack]`, `anonymous`. */
  mapping?: string;
  /** Member of the archive; `OUTER!INNER` for one of an archive inside the archive. */
  member: string;
  /** Offset in the member. */
  offset: number;
  /** How many dumps before this one the page was dumped; 0 in this one. */
  parent: number;
  /** Name of the variable, where it stands in an environment. */
  variable?: string;
  encoding: "ascii" | "utf-16le";
}

/** One secret, wherever it lies. */
export interface Secret {
  /** Id of the detector that is surest of it. */
  detector: string;
  title: string;
  group: DetectorGroup;
  severity: SecretSeverity;
  proof: Judgement["proof"];
  facts: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Tells it from others without telling it: 32 hex digits, the same on every machine. */
  fingerprint: string;
  /** What may be shown: a few characters that are no secret, and dots. */
  masked: string;
  /** The secret itself, only where it was asked for. */
  value?: string;
  /** Its places, those that most people can read first, then in the archive's order. */
  places: SecretPlace[];
  /** Places beyond those that are listed. */
  morePlaces: number;
}
