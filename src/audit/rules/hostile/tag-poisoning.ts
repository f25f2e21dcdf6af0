import { parseReference } from "../../../checkpoint/needs/image-reference.ts";
import { shortened } from "../../facts/annotations.ts";
import { type ImageClaim, imageClaims } from "../../facts/image-claims.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const tagPoisoning: Rule = {
  id: "hostile/tag-poisoning",
  title: "Image's name is of one repository, its digest of another",
  severity: "high",
  looksAt: "rootfsImageName and rootfsImageRef of config.dump; ImageRepoDigests of CRI-O",
  why: "containerd pulls the image by the reference and gives it the name: a trusted name on the node then stands for an image of the archive maker's choice, for every pod that uses it (CVE-2026-50195).",
  remedy:
    "See whether the image was on the node under both names, which is honest. Else do not restore it, and check what the name stands for on nodes that have: `crictl inspecti NAME`. Update containerd to 2.1.9, 2.2.5, 2.3.2 or later.",
  references: ["https://nvd.nist.gov/vuln/detail/CVE-2026-50195"],
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const { names, refs, repoDigests } = await imageClaims(subject);
  const [name] = names;
  const wanted = parseReference(name?.text ?? "")?.repository;
  if (name === undefined || wanted === undefined) return;
  // CRI-O knows an image by several repositories, and one of them has to be the name's.
  yield* foreign(name, wanted, refs.filter(isReference), "every");
  yield* foreign(name, wanted, repoDigests.filter(isReference), "some");
}

/** containerd makes up such a repository for an image that was imported from a file. */
const imported = /^docker\.io\/library\/import-\d{4}-\d{2}-\d{2}$/;

function isReference({ text }: ImageClaim): boolean {
  const repository = text.includes("@") ? parseReference(text)?.repository : undefined;
  return repository !== undefined && !imported.test(repository);
}

function* foreign(
  name: ImageClaim,
  wanted: string,
  claims: readonly ImageClaim[],
  fits: "every" | "some",
): Generator<Sighting> {
  const others = claims.filter(({ text }) => parseReference(text)?.repository !== wanted);
  const [first] = others;
  if (first === undefined || (fits === "some" && others.length < claims.length)) return;
  yield {
    message: `${shortened(name.text)} (${name.member}) stands for ${shortened(first.text)} (${first.member})`,
    key: wanted,
    places: [name, ...others.slice(0, 8)].map(({ member, pointer }) => ({ member, pointer })),
    facts: { name: shortened(name.text), reference: shortened(first.text) },
  };
}
