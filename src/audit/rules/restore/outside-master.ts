import { outsideSlaves } from "../../../checkpoint/needs/criu-mounts.ts";
import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Mounts that receive what is mounted on the node. */
export const outsideMaster: Rule = {
  id: "restore/outside-master",
  title: "Mount is shared with the node",
  severity: "medium",
  looksAt: "peer groups of mounts in mountpoints-N.img that do not come from outside",
  why: "Such a mount is the slave of one that is not in the dump: `has unreachable sharing. Try --enable-external-masters.` GPU hooks leave such mounts.",
  remedy: "Restore with CRIU's option `enable-external-masters`.",
  references: ["https://github.com/NVIDIA/cuda-checkpoint/issues/52"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { mountpoint } of outsideSlaves(await subject.checkpoint.files())) {
      yield {
        message: `${mountpoint} is the slave of a mount outside the container`,
        key: mountpoint,
        remedy: `To restore it, ${await criuOption(subject, "enable-external-masters")}.`,
        places: [{ path: mountpoint }],
        facts: { mountpoint, option: "enable-external-masters" },
      };
    }
  },
};
