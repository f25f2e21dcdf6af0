export interface Parts {
  node: Buffer;
  launcher: Buffer;
  /** libstdc++ and libgcc_s. */
  libraries: readonly [Buffer, Buffer];
  blob: Buffer;
}

export function pack(parts: Parts): Buffer;
