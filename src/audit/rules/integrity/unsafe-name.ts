import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const unsafeName: Rule = {
  id: "integrity/unsafe-name",
  title: "Name of a member is unsafe",
  severity: "high",
  looksAt: "names of the members",
  why: "A name with `..`, a leading `/` or a NUL byte makes careless programs write outside the folder they unpack into, as root.",
  remedy:
    "Never unpack it with other tools. `cryoscope extract` leaves such members out; make the checkpoint again.",
  evaluate: (subject) =>
    problemSightings(subject, "integrity/unsafe-name", { "name-not-utf8": "low" }),
};
