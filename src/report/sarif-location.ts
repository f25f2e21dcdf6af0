import type { Location, LogicalLocation, PhysicalLocation } from "sarif";
import type { FindingPlace } from "../audit/finding.ts";
import { sanitize } from "../base/text.ts";
import { hex, safeNumber } from "../base/u64.ts";
import { findingPlace } from "./audit-words.ts";

/**
 * Archive text as a message of SARIF, in which `[text](target)` is a link and `{0}` a place for an
 * argument: neither is made by an archive.
 */
export function sarifText(text: string): string {
  return sanitize(text)
    .replaceAll("](", "] (")
    .replace(/\{(\d+)\}/g, "{{$1}}");
}

/**
 * A path as a URI: absolute ones as `file:`, with the node as its host (RFC 8089) where there is one;
 * others relative. Any bytes that a name may have.
 */
export function fileUri(path: string, node: string | null = null): string {
  const encoded = path.split("/").map(encodeSegment).join("/");
  const host = node === null ? "" : encodeSegment(node);
  return path.startsWith("/") ? `file://${host}${encoded}` : encoded;
}

function encodeSegment(segment: string): string {
  // Bytes that are no UTF-8 stand in names as lone surrogates.
  return segment
    .split(/([\ud800-\udfff])/u)
    .map((part) => {
      const code = part.charCodeAt(0);
      if (part.length !== 1 || code < 0xd800 || code > 0xdfff) return encodeURIComponent(part);
      return code >= 0xdc80 && code <= 0xdcff ? `%${(code - 0xdc00).toString(16)}` : "%EF%BF%BD";
    })
    .join("");
}

/** What places are told in. */
interface Surroundings {
  /** Path of the archive. */
  archive: string | undefined;
  /** Numbers of the archives in the run. */
  artifacts: ReadonlyMap<string, number>;
  /** On which all of it lies; null in a report of one machine. */
  node: string | null;
}

/**
 * Where something is: in the archive or in another file, and there in which member, process and
 * memory. Undefined where neither is known.
 * @param id where others refer to it
 */
export function sarifLocation(
  place: FindingPlace,
  around: Surroundings,
  id?: number,
): Location | undefined {
  const path = place.path ?? around.archive;
  const logicalLocations = toLogical(place);
  if (path === undefined && logicalLocations.length === 0) return undefined;
  const words = findingPlace(place);
  return {
    ...(id === undefined ? {} : { id }),
    ...(path === undefined ? {} : { physicalLocation: toPhysical(place, path, around) }),
    ...(logicalLocations.length === 0 ? {} : { logicalLocations }),
    ...(words === "" ? {} : { message: { text: sarifText(words) } }),
  };
}

function toPhysical(
  { member, offset, address, mapping }: FindingPlace,
  path: string,
  { artifacts, node }: Surroundings,
): PhysicalLocation {
  const index = artifacts.get(path);
  const absolute = address === undefined ? undefined : safeNumber(address);
  return {
    artifactLocation: { uri: fileUri(path, node), ...(index === undefined ? {} : { index }) },
    // A region is one of the file: an offset in a member stands beside the member's name.
    ...(offset === undefined || member !== undefined ? {} : { region: { byteOffset: offset } }),
    ...(absolute === undefined
      ? {}
      : {
          address: {
            absoluteAddress: absolute,
            ...(mapping === undefined ? {} : { name: sanitize(mapping) }),
          },
        }),
  };
}

function toLogical({ member, offset, entry, pointer, pid, fd, address, mapping }: FindingPlace) {
  const logical: LogicalLocation[] = [];
  if (member !== undefined) {
    const at = { offset, entry, pointer: pointer === undefined ? undefined : sanitize(pointer) };
    const known = Object.fromEntries(Object.entries(at).filter(([, value]) => value !== undefined));
    logical.push({
      name: sanitize(member.slice(member.lastIndexOf("/") + 1)),
      fullyQualifiedName: sanitize(member),
      kind: "member",
      ...(Object.keys(known).length === 0 ? {} : { properties: known }),
    });
  }
  if (pid !== undefined) {
    const descriptor = fd === undefined ? {} : { properties: { fd } };
    const name = `pid ${pid}`;
    logical.push({ name, fullyQualifiedName: name, kind: "process", ...descriptor });
  }
  if (address !== undefined || mapping !== undefined) {
    const where = mapping === undefined ? "" : sanitize(mapping);
    const name = address === undefined ? where : hex(address);
    const whole = pid === undefined ? name : `pid ${pid} ${name}`;
    logical.push({
      name,
      fullyQualifiedName: whole,
      kind: "memory",
      ...(where === "" ? {} : { properties: { mapping: where } }),
    });
  }
  return logical;
}
