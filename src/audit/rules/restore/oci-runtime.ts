import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** crun and runc name what comes from outside differently. */
export const ociRuntime: Rule = {
  id: "restore/oci-runtime",
  title: "Needs the same OCI runtime",
  severity: "info",
  looksAt: "runtime of config.dump",
  why: "crun and runc tell CRIU of mounts from outside by different names. What one dumped the other cannot restore: `mnt: No mapping for …: mountpoint`.",
  remedy: "Restore with the runtime that made the dump: in a pod, by a runtimeClass that names it.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const runtime = (await subject.checkpoint.identity()).ociRuntime;
    if (runtime === undefined) return;
    yield {
      message: `the container has to be restored by ${runtime}`,
      key: runtime,
      places: [{ member: "config.dump", pointer: "/runtime" }],
      facts: { runtime },
    };
  },
};
