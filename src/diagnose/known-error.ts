/** Who wrote the words of an error. */
export type Speaker = "criu" | "oci-runtime" | "cri" | "kubelet";

/** An error that we know: how it is worded, why it comes, what helps. */
export interface KnownError {
  /** Stable word for scripts. */
  id: string;
  speaker: Speaker;
  /**
   * Parts of lines as their program words them; any of them is enough. `%d`, `%s` and their like
   * stand for whatever the program put there, as in its sources.
   */
  phrases: readonly string[];
  /** One sentence without a final stop. */
  cause: string;
  /** What to do; a sentence without a final stop. */
  remedy: string;
  /** Line for CRIU's configuration file of the OCI runtime, where one helps. */
  option?: string;
  /** It follows from something else, or means nothing: another known error on the way wins. */
  secondary?: true;
  /** It stands in logs of runs that went well, and says nothing of why another did not. */
  harmless?: true;
  /** Something is lost by it even where CRIU says that all went well. */
  lossy?: true;
  /** Where the knowledge is from: `owner/repository#number`, or `recorded` by ourselves. */
  sources: readonly string[];
}

/** An error of CRIU's, which alone speaks in its lists. */
export type CriuRow = Omit<KnownError, "speaker">;
