/** The real archives that are altered. */
export const origins: { crio: string; containerd: string };

/** One altered archive. */
export interface Recipe {
  /** Id of the rule that it fires. */
  rule: string;
  /** What was altered, in a few words. */
  what: string;
  /** Name for the file. */
  file: string;
  /** Other rules that cannot but fire with it. */
  also: readonly string[];
  /** Path of the real archive that it was. */
  from: string;
  /** The same bytes in every run. */
  bytes(): Buffer;
}

export const recipes: readonly Recipe[];
