import { formatMode } from "../../../base/units.ts";
import { nestedSightings } from "../../facts/nested-sightings.ts";
import { setuidFault } from "../../facts/setuid.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const setuid: Rule = {
  id: "hostile/setuid",
  title: "Restored file runs with its owner's rights",
  severity: "medium",
  looksAt:
    "set-user-ID and set-group-ID bits in rootfs-diff.tar, volumes/*.tar, devshm-checkpoint.tar, tmpfs images and deleted files. Capabilities of files are not seen: they are in extended attributes",
  why: "The container made, or was given, a program that lends others its owner's rights. In a volume that program comes to lie on the node, owned by root.",
  remedy:
    "See whether the workload is meant to have it; else remove the bits in the container (`chmod u-s,g-s FILE`) and checkpoint it again. With `allowPrivilegeEscalation: false` they have no effect.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  yield* nestedSightings(subject, "setuid");
  const { files } = await subject.checkpoint.files();
  for (const { path, deleted } of files) {
    const ghost = deleted?.how === "ghost" ? deleted.ghost : undefined;
    const why = ghost === undefined ? undefined : setuidFault("file", ghost.mode);
    if (ghost === undefined || why === undefined) continue;
    yield {
      message: `deleted file ${path ?? ghost.image} ${why}`,
      key: `deleted ${path ?? ""}`,
      places: [{ member: subject.checkpoint.images?.label(ghost.image) ?? ghost.image }],
      facts: { mode: formatMode(ghost.mode), uid: ghost.uid, gid: ghost.gid },
    };
  }
}
