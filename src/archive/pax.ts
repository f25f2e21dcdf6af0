import { ascii, text } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatCount } from "../base/units.ts";
import type { SparseMap, TarMember } from "./member.ts";
import type { SparseSegment } from "./sparse-source.ts";

/** Records of a PAX extended header in their order; keys may repeat (sparse form 0.0 does so). */
export type PaxRecords = [key: string, value: string][];

/** What PAX records say of the member that follows them. */
export interface PaxAttributes {
  path?: string;
  linkPath?: string;
  size?: number;
  uid?: number;
  gid?: number;
  /** Milliseconds since 1970. */
  mtime?: number;
  sparse?: SparseMap & { realSize: number };
}

/** Splits a PAX body into records: `LENGTH KEY=VALUE\n`, LENGTH counting the whole record. */
export function parsePax(body: Uint8Array): PaxRecords {
  const records: PaxRecords = [];
  let at = 0;
  while (at < body.length) {
    // Some writers pad the body with zeros instead of ending it exactly.
    if (body[at] === 0) break;
    const space = body.indexOf(32, at);
    const digits = space === -1 ? "" : ascii(body.subarray(at, Math.min(space, at + 16)));
    const length = /^[0-9]+$/.test(digits) ? Number.parseInt(digits, 10) : 0;
    const end = at + length;
    const equals = body.indexOf(61, space);
    if (
      length === 0 ||
      end > body.length ||
      equals === -1 ||
      equals >= end ||
      body[end - 1] !== 10
    ) {
      throw new ArchiveError({
        what: "a PAX record is malformed",
        found: length === 0 ? "no length" : `length ${formatCount(length)} at byte ${at}`,
        allowed: `a record that ends with a line break within ${formatCount(body.length)} bytes`,
      });
    }
    records.push([
      text(body.subarray(space + 1, equals)),
      text(body.subarray(equals + 1, end - 1)),
    ]);
    at = end;
  }
  return records;
}

/** Reads the records that matter to us. An empty value takes an earlier one back (POSIX). */
export function paxAttributes(records: PaxRecords): PaxAttributes {
  const last = new Map<string, string>();
  for (const [key, value] of records) {
    if (value === "") last.delete(key);
    else last.set(key, value);
  }
  const result: PaxAttributes = {};
  const path = last.get("GNU.sparse.name") ?? last.get("path");
  if (path !== undefined) result.path = path;
  const linkPath = last.get("linkpath");
  if (linkPath !== undefined) result.linkPath = linkPath;
  for (const key of ["size", "uid", "gid"] as const) {
    const value = last.get(key);
    if (value !== undefined) result[key] = wholeNumber(key, value);
  }
  const mtime = last.get("mtime");
  if (mtime !== undefined && /^-?\d+(\.\d+)?$/.test(mtime)) result.mtime = Number(mtime) * 1000;
  const sparse = sparseAttributes(records, last);
  if (sparse !== undefined) result.sparse = sparse;
  return result;
}

function sparseAttributes(
  records: PaxRecords,
  last: Map<string, string>,
): PaxAttributes["sparse"] | undefined {
  const size = last.get("GNU.sparse.realsize") ?? last.get("GNU.sparse.size");
  if (size === undefined) return undefined;
  const realSize = wholeNumber("GNU.sparse.size", size);
  if (last.get("GNU.sparse.major") === "1") return { form: "pax-1.0", realSize };
  const map = last.get("GNU.sparse.map");
  if (map !== undefined) {
    return { form: "pax-0.1", realSize, segments: pairs(map.split(",")) };
  }
  const numbers: string[] = [];
  for (const [key, value] of records) {
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") numbers.push(value);
  }
  return { form: "pax-0.0", realSize, segments: pairs(numbers) };
}

function pairs(numbers: string[]): SparseSegment[] {
  if (numbers.length % 2 !== 0) throw malformedMap(`${formatCount(numbers.length)} numbers`);
  if (numbers.length / 2 > limits.sparseSegments) {
    throw malformedMap(`${formatCount(numbers.length / 2)} segments`);
  }
  const segments: SparseSegment[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    segments.push({
      offset: wholeNumber("sparse offset", numbers[at] as string),
      length: wholeNumber("sparse length", numbers[at + 1] as string),
    });
  }
  return segments;
}

function malformedMap(found: string): ArchiveError {
  return new ArchiveError({
    what: "a sparse map is malformed",
    found,
    allowed: `pairs of offset and length, at most ${formatCount(limits.sparseSegments)}`,
  });
}

/**
 * The map at the head of a PAX 1.0 sparse member: decimal lines, count first, padded to a block.
 * @returns the segments and the length of the map in bytes, or undefined where `head` is too short.
 */
export function sparseMapOfData(
  head: Uint8Array,
): { segments: SparseSegment[]; length: number } | undefined {
  let at = 0;
  const line = (): string | undefined => {
    const end = head.indexOf(10, at);
    if (end === -1) return undefined;
    const value = ascii(head.subarray(at, end));
    at = end + 1;
    return value;
  };
  const first = line();
  if (first === undefined) return undefined;
  const count = wholeNumber("number of sparse segments", first);
  if (count > limits.sparseSegments) throw malformedMap(`${formatCount(count)} segments`);
  const numbers: string[] = [];
  while (numbers.length < count * 2) {
    const number = line();
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return { segments: pairs(numbers), length: Math.ceil(at / 512) * 512 };
}

function wholeNumber(name: string, value: string): number {
  const number = /^[0-9]{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ArchiveError({
    what: `a PAX record has a ${name} that is no number we can use`,
    found: JSON.stringify(value.slice(0, 40)),
    allowed: "decimal digits up to 2^53 - 1",
  });
}

/** Makes a member sparse whose extended headers say that it is. */
export function applySparse(member: TarMember, { sparse: found }: PaxAttributes): void {
  if (found === undefined || member.type !== "file") return;
  const { realSize, ...sparse } = found;
  member.size = realSize;
  member.sparse = sparse;
}
