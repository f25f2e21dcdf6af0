/** A CRIU image or a JSON document, shown as a tree. */
export interface ImageArgument {
  path: string;
  member: string;
  /** The entry on which the cursor begins, counted from 0. */
  entry?: number;
}
