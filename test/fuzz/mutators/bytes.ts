import type { Random } from "../random.ts";
import { type Subject, subjectBytes, withBody } from "../subject.ts";
import { changePart, type Mutation, type Mutator, pickPart } from "./mutator.ts";

/** Bytes that mean something somewhere, or anything. */
function strangeBytes(random: Random): string {
  const length = 1 + random.length(16);
  const fill = random.pick(["00", "ff", "80", "7f", "30", "any"]);
  if (fill !== "any") return fill.repeat(length);
  return Array.from({ length }, () => random.below(256).toString(16).padStart(2, "0")).join("");
}

const hex = (value: unknown): Buffer => Buffer.from(String(value), "hex");

/** Bytes of a body: overwritten, put in, taken out, cut. The tar around it stays right. */
const bodyBytes: Mutator = {
  op: "body-bytes",
  weight: 10,
  choose(random, subject) {
    const part = pickPart(random, subject, ({ body }) => body.length > 0);
    if (part === undefined) return undefined;
    const at = random.once(3) ? random.length(part.body.length) : random.below(part.body.length);
    const bytes = random.once(4) ? "" : strangeBytes(random);
    const remove = random.once(2) ? bytes.length / 2 : random.length(part.body.length - at);
    return { part: part.name, at, remove, bytes };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const at = Number(mutation["at"]);
      const rest = part.body.subarray(at + Number(mutation["remove"]));
      return withBody(
        part,
        Buffer.concat([part.body.subarray(0, at), hex(mutation["bytes"]), rest]),
      );
    }),
};

const bodyCut: Mutator = {
  op: "body-cut",
  weight: 3,
  choose(random, subject) {
    const part = pickPart(random, subject, ({ body }) => body.length > 0);
    return part && { part: part.name, length: random.below(part.body.length) };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) =>
      withBody(part, part.body.subarray(0, Number(mutation["length"]))),
    ),
};

/** A piece of one body in another. */
const bodySplice: Mutator = {
  op: "body-splice",
  weight: 3,
  choose(random, subject) {
    const part = pickPart(random, subject, ({ body }) => body.length > 0);
    const from = pickPart(random, subject, ({ body }) => body.length > 0);
    if (part === undefined || from === undefined) return undefined;
    const start = random.below(from.body.length);
    const length = random.length(from.body.length - start);
    return { part: part.name, from: from.name, start, length, at: random.below(part.body.length) };
  },
  apply(subject, mutation) {
    const from = subject.parts.find(({ name }) => name === mutation["from"]);
    if (from === undefined) return;
    const start = Number(mutation["start"]);
    const piece = from.body.subarray(start, start + Number(mutation["length"]));
    changePart(subject, mutation, (part) => {
      const at = Number(mutation["at"]);
      return withBody(
        part,
        Buffer.concat([part.body.subarray(0, at), piece, part.body.subarray(at)]),
      );
    });
  },
};

/** Bytes of the whole file, as it is on disk or in the tar inside; a cut takes all behind it. */
const fileBytes: Mutator = {
  op: "file-bytes",
  weight: 4,
  choose(random, subject) {
    const layer = subject.packing !== "none" && random.once(2) ? "packed" : "tar";
    // The packed length is not known before it is packed; most lie within this.
    const length = Math.max(1, Math.ceil(roughLength(subject) / (layer === "packed" ? 8 : 1)));
    const at = random.once(4) ? random.length(Math.min(64, length)) : random.below(length);
    if (random.once(5)) return { layer, at, remove: 2 ** 40, bytes: "" };
    const bytes = random.once(5) ? "" : strangeBytes(random);
    return { layer, at, remove: random.once(3) ? random.length(4096) : bytes.length / 2, bytes };
  },
  apply(subject, mutation) {
    const layer = mutation["layer"] === "packed" ? "packed" : "tar";
    const [at, remove] = [Number(mutation["at"]), Number(mutation["remove"])];
    subject.edits[layer].push({ at, remove, insert: hex(mutation["bytes"]) });
  },
};

function roughLength(subject: Subject): number {
  if (subject.shape === "file") return subjectBytes({ ...subject, packing: "none" }).length;
  return subject.parts.reduce((sum, { body }) => sum + body.length + 768, subject.end.length);
}

export const byteMutators: readonly Mutator[] = [bodyBytes, bodyCut, bodySplice, fileBytes];

/** How a mutation reads in one line. */
export function describeMutation({ op, part, ...parameters }: Mutation): string {
  const rest = JSON.stringify(parameters);
  return `${op}${part === undefined ? "" : ` ${part}`} ${rest.length > 120 ? `${rest.slice(0, 119)}…` : rest}`;
}
