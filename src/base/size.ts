const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
};

/** What a size may look like. */
export const sizeForm = "a size such as 10Gi, 512Mi, 1.5Gi, 100M or a number of bytes";
export const sizePattern = /^(\d{1,16}(?:\.\d{1,6})?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P|)B?$/;

/** Bytes of a size, or undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = sizePattern.exec(text);
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * (sizeUnits[match[2] as string] as number));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The same bytes as a text that `parseSize` reads. */
export function writeSize(bytes: number): string {
  for (const unit of ["Pi", "Ti", "Gi", "Mi", "Ki"]) {
    const length = sizeUnits[unit] as number;
    if (bytes >= length && bytes % length === 0) return `${bytes / length}${unit}`;
  }
  return `${bytes}`;
}
