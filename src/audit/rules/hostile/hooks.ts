import { isObject, valueAt } from "../../../base/json-object.ts";
import { maskCommand } from "../../../base/mask.ts";
import { textAt } from "../../../runtime/documents.ts";
import { pointer, shortened } from "../../facts/annotations.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const hooks: Rule = {
  id: "hostile/hooks",
  title: "Archive has programs of the node run",
  severity: "high",
  looksAt: "`hooks` of the OCI runtime specification (spec.dump; config.dump of Podman)",
  why: "Hooks are programs that the runtime starts on the node, as root, outside of the container. One that came with an archive runs whatever the archive's maker chose (CVE-2026-53492 does it by CDI).",
  remedy:
    "Restore it only if the node's own configuration has these hooks (GPU drivers have); else take `hooks` out of the specification, or do not restore it.",
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2026-53492",
    "https://github.com/opencontainers/runtime-spec/blob/main/config.md#posix-platform-hooks",
  ],
  evaluate,
};

async function* evaluate({ checkpoint, reveal }: Subject): AsyncGenerator<Sighting> {
  const { documents } = checkpoint;
  const spec = await documents.object("spec.dump");
  const config = await documents.object("config.dump");
  yield* hooksOf(valueAt(spec, "hooks"), "spec.dump", ["hooks"], reveal);
  yield* hooksOf(valueAt(config, "spec", "hooks"), "config.dump", ["spec", "hooks"], reveal);
}

function* hooksOf(
  found: unknown,
  member: string,
  path: readonly string[],
  reveal: boolean,
): Generator<Sighting> {
  if (!isObject(found)) return;
  for (const [phase, list] of Object.entries(found)) {
    for (const [index, hook] of (Array.isArray(list) ? list : []).entries()) {
      const program = textAt(hook, "path") ?? "nothing";
      const args = valueAt(hook, "args");
      const texts = (Array.isArray(args) ? args : []).filter((arg) => typeof arg === "string");
      const command = (reveal ? texts : maskCommand(texts)).slice(1).join(" ");
      yield {
        message: `${member} has the runtime run ${shortened(`${program} ${command}`.trimEnd())} (${phase})`,
        key: `${phase} ${program}`,
        places: [{ member, pointer: pointer(...path, phase, index) }],
        facts: { phase, program },
      };
    }
  }
}
