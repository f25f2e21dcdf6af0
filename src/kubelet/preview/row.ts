/** One thing that has to be so before a checkpoint can work, or that often keeps it from working. */
export interface PreviewRow {
  /** Stable word for scripts. */
  id: string;
  what: string;
  found: string;
  needed: string;
  verdict: "yes" | "no" | "unknown";
  /** Why it cannot be told; null where it can. */
  reason: string | null;
  /** What to do about a no; null where nothing is to be done. */
  remedy: string | null;
  /** False: a checkpoint may well work without. */
  required: boolean;
}

type Need = Pick<PreviewRow, "id" | "what" | "needed" | "required">;

export const met = (need: Need, found: string): PreviewRow => ({
  ...need,
  found,
  verdict: "yes",
  reason: null,
  remedy: null,
});

export const unmet = (need: Need, found: string, remedy: string): PreviewRow => ({
  ...need,
  found,
  verdict: "no",
  reason: null,
  remedy,
});

export const untold = (need: Need, reason: string, remedy: string | null = null): PreviewRow => ({
  ...need,
  found: "–",
  verdict: "unknown",
  reason,
  remedy,
});
