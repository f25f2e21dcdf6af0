import { hasBadDigest, hashOf, parseReference } from "../../../checkpoint/needs/image-reference.ts";
import { shortened } from "../../facts/annotations.ts";
import { type ImageClaim, imageClaims } from "../../facts/image-claims.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const imageDigest: Rule = {
  id: "hostile/image-digest",
  title: "Metadata names more than one base image",
  severity: "high",
  looksAt: "image names, digests and ids in config.dump, spec.dump and status.dump",
  why: "The container is restored on the image that one of these names. Where they differ, what a person checks is not what the runtime takes: the processes come back on other files (CVE-2026-50195 lives on that).",
  remedy:
    "Do not restore it before it is known which image the container ran on: look in the registry for the digest, and compare with the pod's status.",
  references: ["https://nvd.nist.gov/vuln/detail/CVE-2026-50195"],
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const { names, refs, repoDigests } = await imageClaims(subject);
  for (const claim of [...names, ...refs, ...repoDigests]) {
    if (hasBadDigest(claim.text)) {
      yield sighting([claim], `${shortened(claim.text)} has a digest that no registry gives`);
    }
  }
  // The id of an image is the hash of its configuration, its digest that of its manifest.
  const isDigest = ({ text }: ImageClaim): boolean => text.includes("@");
  const hash = ({ text }: ImageClaim): string | undefined => hashOf(text);
  const digests = refs.filter(isDigest);
  yield* differing(
    refs.filter((ref) => !isDigest(ref)),
    hash,
    "is of another image than",
  );
  yield* differing(digests, hash, "is of another image than");
  yield* unmatched(names.filter(isDigest), [...digests, ...repoDigests.filter(isDigest)]);
  yield* differing(names, ({ text }) => nameOf(text), "is another name than");
}

/** Names that carry a digest which none of the references has. */
function* unmatched(
  names: readonly ImageClaim[],
  references: readonly ImageClaim[],
): Generator<Sighting> {
  const known = new Set(references.map(({ text }) => hashOf(text)));
  const [first] = references;
  for (const name of names) {
    const hash = hashOf(name.text);
    if (first === undefined || hash === undefined || known.has(hash)) continue;
    const message = `${shortened(name.text)} (${name.member}) is of another image than ${shortened(first.text)} (${first.member})`;
    yield sighting([name, first], message);
  }
}

function nameOf(text: string): string | undefined {
  const reference = parseReference(text);
  if (reference === undefined) return undefined;
  const { repository, tag, digest } = reference;
  return `${repository}:${tag ?? (digest === undefined ? "latest" : "")}`;
}

/** One sighting where the claims do not all say the same; those that say nothing do not count. */
function* differing(
  claims: readonly ImageClaim[],
  read: (claim: ImageClaim) => string | undefined,
  words: string,
): Generator<Sighting> {
  const byValue = new Map<string, ImageClaim>();
  for (const claim of claims) {
    const value = read(claim);
    if (value !== undefined && !byValue.has(value)) byValue.set(value, claim);
  }
  const [first, ...others] = byValue.values();
  if (first === undefined || others.length === 0) return;
  const told = others.map(({ text, member }) => `${shortened(text)} (${member})`).join(", ");
  const message = `${told} ${words} ${shortened(first.text)} (${first.member})`;
  yield sighting([first, ...others], message);
}

function sighting(claims: readonly ImageClaim[], message: string): Sighting {
  return {
    message,
    key: claims.map(({ member, pointer }) => `${member}${pointer}`).join(" "),
    places: claims.map(({ member, pointer }) => ({ member, pointer })),
  };
}
