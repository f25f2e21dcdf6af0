import { formatCount } from "../../base/units.ts";
import type { Reply } from "../http/send.ts";
import type { ContentRange } from "./content-range.ts";
import type { Resource } from "./resource.ts";

/** What speaks against its being the beginning of bytes [from, to); undefined where nothing does. */
export function wrongStretch(
  range: ContentRange | undefined,
  from: number,
  to: number,
): string | undefined {
  if (range?.from === undefined || range.to === undefined) return "no sound Content-Range";
  if (range.from === from && range.to <= to) return undefined;
  return `Content-Range: bytes ${range.from}-${range.to - 1}`;
}

/** What is compressed with gzip or zstd is read as it is; nothing else is. */
export function wrongCoding({ headers }: Reply): string | undefined {
  const coding = headers["content-encoding"] ?? "";
  if (/^(?:identity|gzip|x-gzip|zstd)?$/i.test(coding.trim())) return undefined;
  return `Content-Encoding: ${coding.slice(0, 40)}`;
}

/** What speaks against its size, where one was announced. */
export function wrongSize(size: number | undefined, { size: known }: Resource): string | undefined {
  return size === undefined || known === undefined || size === known
    ? undefined
    : `${formatCount(size)} bytes, where ${formatCount(known)} were announced`;
}

/** `Content-Length`, in bytes; undefined where there is no sound one. */
export function lengthOf({ headers }: Reply): number | undefined {
  const text = headers["content-length"] ?? "";
  const length = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(length) ? length : undefined;
}
