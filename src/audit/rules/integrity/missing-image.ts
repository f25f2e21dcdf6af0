import { problemSightings, problemsOf } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const missingImage: Rule = {
  id: "integrity/missing-image",
  title: "CRIU image is missing",
  severity: "high",
  looksAt: "images that other images refer to, and those that every dump has",
  why: "CRIU gives up the restore where an image that it needs is not there. It wrote all of them or none, so it was lost or taken out.",
  remedy: "Copy the archive again and compare sizes; else make the checkpoint again.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  yield* problemSightings(subject, missingImage.id);
  const { checkpoint } = subject;
  const { images } = checkpoint;
  if (images === undefined || images.open("inventory.img") !== undefined) return;
  // A damaged one is told as such; a pre-dump has an inventory too since CRIU 3.0, but none before.
  const told = await problemsOf(subject, missingImage.id);
  const member = images.label("inventory.img");
  if (told.some(({ where }) => where?.member === member)) return;
  if (checkpoint.problems.some(({ code }) => code === "pre-dump")) return;
  yield {
    message: "there is no inventory.img, from which CRIU reads what kind of dump it is",
    key: `missing-image ${member}`,
    places: [{ member }],
  };
}
