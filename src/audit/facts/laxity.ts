import type { Problem } from "../../base/problem.ts";
import type { Sighting } from "../finding.ts";

/** What the gate let pass: `WHAT (FOUND; allowed ALLOWED); mend: NEXT`. */
export function laxitySighting({ code, message, where }: Problem): Sighting {
  const mend = message.lastIndexOf("; mend: ");
  const sighting: Sighting = {
    message: mend === -1 ? message : message.slice(0, mend),
    key: code,
    places: where?.path === undefined ? [] : [{ path: where.path }],
  };
  if (mend !== -1) sighting.remedy = message.slice(mend + "; mend: ".length);
  return sighting;
}
