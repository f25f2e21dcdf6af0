/** Version of all JSON that we print. Keys are added, never changed or taken away. */
export const apiVersion = "cryoscope/v1";

/** Head of every JSON document. */
export interface Document<Kind extends string> {
  apiVersion: typeof apiVersion;
  kind: Kind;
}
