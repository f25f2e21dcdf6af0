import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { FactPlace } from "../../checkpoint/needs/asked.ts";
import { type Fact, known, unknown } from "../../node/facts.ts";

/** A place in the archive as evidence names it: `spec.dump /linux/seccomp`, `checkpoint/files.img entry 4`. */
export function evidenceOf({ member, pointer, entry }: FactPlace): string {
  const parts = [member ?? "the archive"];
  if (pointer !== undefined) parts.push(pointer);
  if (entry !== undefined) parts.push(`entry ${entry}`);
  return parts.join(" ");
}

/** An image of CRIU by its name in the archive. */
export function imageLabel({ images }: Checkpoint, name: string): string {
  return images?.label(name) ?? name;
}

/** A value with its evidence; where there is none, why. */
export function fact<T>(value: T | undefined | null, evidence: string, why: string): Fact<T> {
  return value === undefined || value === null ? unknown(why) : known(value, evidence);
}
