import { parseTime } from "../../../base/time.ts";
import { formatAge } from "../../../base/units.ts";
import { problemSightings } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const fileName: Rule = {
  id: "integrity/file-name",
  title: "File name and metadata disagree",
  severity: "medium",
  looksAt: "pod, namespace, container and time in the kubelet's file name, and in the metadata",
  why: "The kubelet names an archive after what is in it. Another name passes one container's checkpoint off as another's; scripts and retention go by names.",
  remedy:
    "Find out who renamed it. Go by the metadata: `cryoscope inspect` shows both; give the file its name back.",
  evaluate,
};

/** A dump takes its time: the name is given before it, the time in the metadata after it. */
const longestDump = 3_600_000;

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  for await (const sighting of problemSightings(subject, fileName.id)) {
    yield { ...sighting, key: "names" };
  }
  const { checkpoint, policy } = subject;
  const { fileName: name, checkpointedAt } = await checkpoint.identity();
  const named = parseTime(name?.time ?? "");
  const noted = parseTime(checkpointedAt ?? "");
  if (named === undefined || noted === undefined) return;
  const skew = policy.thresholds.clockSkew * 1000;
  const later = noted - named;
  if (later >= -skew && later <= Math.max(longestDump, skew)) return;
  const by = formatAge(Math.abs(later));
  yield {
    message: `the file name says ${name?.time}, the metadata ${checkpointedAt}: ${by} ${later < 0 ? "earlier" : "later"}`,
    key: "time",
    facts: { fileName: name?.time ?? "", metadata: checkpointedAt ?? "" },
  };
}
