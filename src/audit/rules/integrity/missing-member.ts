import type { Engine } from "../../../runtime/engine.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const missingMember: Rule = {
  id: "integrity/missing-member",
  title: "Archive lacks a file that its runtime needs",
  severity: "high",
  looksAt: "names of the members, for the runtime that made the archive",
  why: "The runtime reads these files when it restores, and gives up without them. It wrote them with the checkpoint, so they were lost or taken out afterwards.",
  remedy: "Copy the archive again and compare sizes; else make the checkpoint again.",
  evaluate,
};

const common = ["config.dump", "spec.dump"];

/** What each runtime always writes and reads again: read in their restore code, seen in archives. */
const needed: Partial<Record<Engine, readonly string[]>> = {
  "cri-o": [...common, "bind.mounts"],
  containerd: [...common, "status"],
  podman: [...common, "network.status"],
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const { engine } = await checkpoint.runtime();
  // Who made the rest of it is not known where both are gone, and one alone proves a runtime.
  const bare = common.filter((name) => checkpoint.archive.find(name) !== undefined).length === 1;
  for (const name of needed[engine] ?? (bare ? common : [])) {
    if (checkpoint.archive.find(name) !== undefined) continue;
    const who = engine === "unknown" ? "every runtime" : engine;
    yield { message: `there is no ${name}, which ${who} writes and needs`, key: name };
  }
}
