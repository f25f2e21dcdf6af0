import { Fault } from "../../base/errors.ts";
import type { Failure } from "../state/questions.ts";

/** Why something failed, as data. What is no `Fault` is a bug of ours, and is said to be one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Fault) {
    const { next, code, notes, manifest } = error.detail;
    return {
      kind: error.kind,
      message: error.message,
      next: next ?? null,
      code: code ?? null,
      ...(notes === undefined ? {} : { notes }),
      ...(manifest === undefined ? {} : { manifest }),
    };
  }
  return {
    kind: "bug",
    message: `this is a fault of cryoscope, not yours: ${error instanceof Error ? error.message : String(error)}`,
    next: null,
    code: null,
  };
}
