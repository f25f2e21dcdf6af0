/** What a registry has now. */
export interface Pushed {
  reference: string;
  /** Of the manifest, as the registry and we both say. */
  digest: string;
  /** Bytes that were sent; what the registry had already was not. */
  sentBytes: number;
}
