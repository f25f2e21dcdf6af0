import type { FindingPlace } from "../../audit/finding.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { PlaceRow } from "../state/audit-rows.ts";
import type { MemberForm } from "../state/member-rows.ts";
import { memberForm } from "./members.ts";

/** A place with how its member can be looked into. */
export function placeRow(checkpoint: Checkpoint, place: FindingPlace, note = ""): PlaceRow {
  return { place, note, form: placeForm(checkpoint, place.member) };
}

function placeForm(checkpoint: Checkpoint, member: string | undefined): MemberForm | null {
  if (member === undefined) return null;
  // What is inside is found when it is opened.
  if (member.includes("!")) return "content";
  return checkpoint.archive.find(member) === undefined ? null : memberForm(checkpoint, member);
}
