/** A member that is shown as text: `OUTER!INNER` for one of an archive inside the archive. */
export interface PreviewArgument {
  path: string;
  member: string;
  /** What stands in the header; the name of the member where it is left out. */
  title?: string;
  /** Shown as text even where it is none. */
  asText?: boolean;
}
