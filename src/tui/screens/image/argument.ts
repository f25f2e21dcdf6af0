/** A CRIU image or a JSON document, shown as a tree. */
export interface ImageArgument {
  path: string;
  member: string;
}
