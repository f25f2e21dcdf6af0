import { annotationsOf, shortened } from "../../facts/annotations.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const cdi: Rule = {
  id: "hostile/cdi",
  title: "Annotation injects devices of the node",
  severity: "high",
  looksAt: "annotations `cdi.k8s.io/*` in spec.dump, status.dump, config.dump",
  why: "A runtime that takes over annotations from an archive gives the restored container every CDI device that they name, with mounts and hooks that run as root (CVE-2026-53492). Nobody asked the cluster's scheduler or its policies.",
  remedy:
    "Restore it only if the pod was given these devices. Update containerd to 2.1.9, 2.2.5, 2.3.2 or later, where annotations of archives are not taken over.",
  references: ["https://nvd.nist.gov/vuln/detail/CVE-2026-53492"],
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  for (const { key, value, member, pointer } of await annotationsOf(subject)) {
    if (!/(?:^|\.)cdi\.k8s\.io\//.test(key)) continue;
    yield {
      message: `annotation ${key} asks for the device ${shortened(value)}`,
      key: `${key}=${value}`,
      places: [{ member, pointer }],
      facts: { annotation: key, devices: shortened(value) },
    };
  }
}
