import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const mappings: Rule = {
  id: "integrity/mappings",
  title: "Mappings of a process overlap",
  severity: "high",
  looksAt: "VMAs of mm-PID.img",
  why: "No process has two mappings at one address. CRIU restores one over the other, so what is looked at need not be what will run.",
  remedy: "Treat the archive as damaged or tampered with, and make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/mappings"),
};
