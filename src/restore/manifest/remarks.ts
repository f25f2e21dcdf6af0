/** Steps to a field of the pod: `["spec", "containers", 0, "image"]`. */
export type FieldPath = readonly (string | number)[];

/** What there is to say of a field, or, at the path of an object, of fields that it lacks. */
export interface Remark {
  path: FieldPath;
  /** Sentences, which may hold text of the archive: for people, and not yet safe for a terminal. */
  text: string;
  /** Has somebody to decide it, because the archive does not tell? */
  decide: boolean;
}

/** Remarks in the order in which they were made. */
export class Remarks {
  readonly all: Remark[] = [];

  note(path: FieldPath, text: string): void {
    this.all.push({ path, text, decide: false });
  }

  decide(path: FieldPath, text: string): void {
    this.all.push({ path, text, decide: true });
  }
}

/** `spec.containers[0].image`. */
export function fieldName(path: FieldPath): string {
  let name = "";
  for (const step of path) {
    if (typeof step === "number") name += `[${step}]`;
    else name += name === "" ? step : `.${step}`;
  }
  return name;
}

/** Fields of the container, of which there is one. */
export const container: FieldPath = ["spec", "containers", 0];
