import { apiVersion, type Document } from "../../base/document.ts";
import type { Problem } from "../../base/problem.ts";
import { hex } from "../../base/u64.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { SecretReport } from "./find-secrets.ts";
import type { Secret, SecretPlace } from "./secret.ts";

/** A place as scripts get it. What is not known is null. */
export interface SecretPlaceDocument {
  kind: SecretPlace["kind"];
  pid: number | null;
  /** `0x…` */
  address: string | null;
  mapping: string | null;
  member: string;
  offset: number;
  parent: number;
  variable: string | null;
  encoding: SecretPlace["encoding"];
}

export interface SecretDocument extends Omit<Secret, "places"> {
  places: SecretPlaceDocument[];
}

/** Secrets of one checkpoint, as `cryoscope memory secrets -o json` prints them. */
export interface SecretList extends Document<"SecretList"> {
  path: string;
  items: SecretDocument[];
  problems: Problem[];
}

export function secretList(
  checkpoint: Checkpoint,
  { secrets, problems }: SecretReport,
  most = secrets.length,
): SecretList {
  return {
    apiVersion,
    kind: "SecretList",
    path: checkpoint.archive.path,
    items: secrets.slice(0, most).map((secret) => ({
      ...secret,
      places: secret.places.map(placeDocument),
    })),
    problems: [...checkpoint.problems, ...problems],
  };
}

function placeDocument(place: SecretPlace): SecretPlaceDocument {
  return {
    kind: place.kind,
    pid: place.pid ?? null,
    address: place.address === undefined ? null : hex(place.address),
    mapping: place.mapping ?? null,
    member: place.member,
    offset: place.offset,
    parent: place.parent,
    variable: place.variable ?? null,
    encoding: place.encoding,
  };
}
