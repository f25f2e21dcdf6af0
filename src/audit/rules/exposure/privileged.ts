import { valueAt } from "../../../base/json-object.ts";
import { readSpec, type Spec } from "../../../checkpoint/needs/spec.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Privileged: all that keeps a container from its node is switched off at once. */
export const privileged: Rule = {
  id: "exposure/privileged",
  title: "Container is privileged",
  severity: "high",
  looksAt:
    "capabilities, device rules and masked paths of spec.dump, `privileged` of Podman's config.dump",
  why: "A privileged container has every capability, every device and no masked paths: whoever is in it is root on the node, and restoring it gives that to its memory too.",
  remedy:
    "Take `privileged: true` out of the securityContext (Podman: `--privileged`) and give the single capabilities and devices that the program needs.",
  references: ["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const spec = await readSpec(subject);
    if (spec === undefined) return;
    const evidence = [...(await said(subject)), ...seen(spec)];
    if (evidence.length === 0) return;
    yield {
      message: `the container is privileged: ${evidence.join("; ")}`,
      key: "privileged",
      places: [{ member: "spec.dump", pointer: "/linux" }],
      facts: { evidence },
    };
  },
};

async function said({ checkpoint }: Subject): Promise<string[]> {
  const config = await checkpoint.documents.object("config.dump");
  return valueAt(config, "privileged") === true ? ["config.dump says so"] : [];
}

/** Each of these alone may be asked for; together only `privileged` gives them. */
function seen({ capabilities, allDevices, maskedPaths, seccomp }: Spec): string[] {
  const bounding = capabilities.get("bounding") ?? [];
  const all = bounding.includes("CAP_SYS_ADMIN") && bounding.length >= 30;
  if (!all || seccomp || (!allDevices && maskedPaths.length > 0)) return [];
  const evidence = [`${bounding.length} capabilities`, "no seccomp filter"];
  if (allDevices) evidence.push("all devices of the node");
  if (maskedPaths.length === 0) evidence.push("no masked paths");
  return evidence;
}
