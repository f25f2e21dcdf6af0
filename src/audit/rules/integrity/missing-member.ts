import type { Engine } from "../../../runtime/engine.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const missingMember: Rule = {
  id: "integrity/missing-member",
  title: "Archive lacks a file that its runtime writes",
  severity: "high",
  looksAt: "names of the members, for the runtime that made the archive",
  why: "The runtime wrote these files with the checkpoint, and reads them when it restores. One that is not there was lost or taken out afterwards.",
  remedy: "Copy the archive again and compare sizes; else make the checkpoint again.",
  evaluate,
};

const common = ["config.dump", "spec.dump"];

/** What each runtime always writes, as seen in its archives; undefined where none is known. */
const always: Readonly<Record<Engine, readonly string[] | undefined>> = {
  "cri-o": [...common, "bind.mounts"],
  containerd: common,
  podman: [...common, "network.status"],
  criu: undefined,
  unknown: undefined,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const { engine } = await checkpoint.runtime();
  const has = (name: string): boolean => checkpoint.archive.find(name) !== undefined;
  // Who made the rest of it is not known where both are gone, and one alone proves a runtime.
  const bare = common.filter(has).length === 1;
  const due = [...(always[engine] ?? (bare ? common : []))];
  // Since 2.1 containerd writes both; before, neither.
  if (engine === "containerd" && (has("status") || has("status.dump"))) {
    due.push("status", "status.dump");
  }
  for (const name of due) {
    if (has(name)) continue;
    const who = always[engine] === undefined ? "every runtime" : engine;
    yield { message: `there is no ${name}, which ${who} writes`, key: name };
  }
}
