import type { Sighting } from "../../finding.ts";
import { matchesAny } from "../../policy/pattern.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Archives of containers that the policy does not know. */
export const unexpectedOrigin: Rule = {
  id: "exposure/unexpected-origin",
  title: "Not what the policy expects here",
  severity: "high",
  looksAt:
    "engine, OCI runtime, image and namespace of config.dump and spec.dump, against `expect` of the policy",
  why: "A policy that names images, namespaces or runtimes says which checkpoints belong here. Another one was brought from elsewhere, or shows a container that nobody should run.",
  remedy:
    "Find out where the archive came from; if it belongs here, name it in `expect.images`, `expect.namespaces` or `expect.runtimes` of the policy.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { images, namespaces, runtimes } = subject.policy.expect;
    const { image, imageRef, imageId, namespace } = await subject.checkpoint.identity();
    const { engine } = await subject.checkpoint.runtime();
    const asked = [
      { what: "image", patterns: images, values: [image, imageRef, imageId] },
      { what: "namespace", patterns: namespaces, values: [namespace] },
      { what: "engine", patterns: runtimes, values: [engine] },
    ];
    for (const { what, patterns, values } of asked) {
      const known = values.filter((value) => value !== undefined);
      if (patterns === null || known.some((value) => matchesAny(patterns, value))) continue;
      const name = known[0];
      yield {
        message:
          name === undefined
            ? `the archive does not say its ${what}, and the policy expects certain ones`
            : `the ${what} ${name} is none that the policy expects`,
        key: `${what} ${name ?? ""}`,
        places: [{ member: what === "namespace" ? "spec.dump" : "config.dump" }],
        facts: { [what]: name ?? "" },
      };
    }
  },
};
