import type { Place } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import { sanitize } from "../base/text.ts";
import { formatCount } from "../base/units.ts";
import { plainStyle, type Style } from "./style.ts";

const signs = { error: "✗", warning: "!", note: "·" } as const;

/** Where a problem is: `checkpoint/mm-1.img, entry 0, byte 12`. Not sanitised. */
export function renderPlace(place: Place | undefined): string {
  if (place === undefined) return "";
  const parts: string[] = [];
  if (place.node !== undefined) parts.push(`node ${place.node}`);
  if (place.url !== undefined) parts.push(place.url);
  if (place.path !== undefined) parts.push(place.path);
  if (place.member !== undefined) parts.push(place.member);
  if (place.entry !== undefined) parts.push(`entry ${formatCount(place.entry)}`);
  if (place.offset !== undefined) parts.push(`byte ${formatCount(place.offset)}`);
  return parts.join(", ");
}

/** Problems one a line, with a sign, the message and the place. */
export function renderProblems(problems: readonly Problem[], style: Style = plainStyle): string {
  return problems
    .map(({ severity, message, where }) => {
      const paint =
        severity === "error" ? style.red : severity === "warning" ? style.yellow : style.dim;
      const place = sanitize(renderPlace(where));
      const suffix = place === "" ? "" : style.dim(`  (${place})`);
      return `  ${paint(`${signs[severity]} ${sanitize(message)}`)}${suffix}\n`;
    })
    .join("");
}
