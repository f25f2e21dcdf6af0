import { maskNamed } from "../../../base/mask.ts";
import { knownEngines } from "../../../runtime/engine.ts";
import { annotationsOf, shortened } from "../../facts/annotations.ts";
import { powerOf } from "../../facts/powerful-annotations.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const annotations: Rule = {
  id: "hostile/annotations",
  title: "Annotation changes how the container is made",
  severity: "high",
  looksAt:
    "annotations of CRI-O, containerd, crun, runc, systemd, Podman and Kata in spec.dump, status.dump and config.dump",
  why: "Annotations in an archive come back with the container. Some choose another runtime, another seccomp profile or options of CRIU, past everything that the cluster checks of a pod (as in CVE-2026-53492).",
  remedy:
    "Restore it only if whoever made the pod asked for that. Annotations that runtimes obey are named in their configuration (`allowed_annotations` of CRI-O): allow as few as possible.",
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2026-53492",
    "https://github.com/cri-o/cri-o/blob/main/ANNOTATIONS.md",
  ],
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const { engine } = await subject.checkpoint.runtime();
  for (const annotation of await annotationsOf(subject)) {
    const { key, value, member, pointer } = annotation;
    const power = powerOf(annotation) ?? foreign(key, engine);
    if (power === undefined) continue;
    const shown = shortened(subject.reveal ? value : maskNamed(key, value));
    yield {
      message: `annotation ${key}=${shown} ${power.does}`,
      key,
      places: [{ member, pointer }],
      severity: power.severity,
      facts: { annotation: key },
    };
  }
}

/** One engine's annotations in an archive of another were written by neither. */
function foreign(key: string, engine: string): ReturnType<typeof powerOf> {
  const owner = key.startsWith("io.kubernetes.cri-o.")
    ? "cri-o"
    : key.startsWith("io.kubernetes.cri.")
      ? "containerd"
      : undefined;
  if (owner === undefined || !knownEngines.some((it) => it === engine)) return undefined;
  if (owner === engine) return undefined;
  return { does: `is ${owner}'s, in an archive of ${engine}`, severity: "medium" };
}
