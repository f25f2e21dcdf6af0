import { apiVersion } from "../base/document.ts";
import type { Fault } from "../base/errors.ts";
import { sanitize } from "../base/text.ts";
import { renderJsonLine } from "../report/json.ts";
import { renderPlace } from "../report/problems.ts";
import { exitCodes } from "./exit-codes.ts";

/** A fault for people: what, and below it where, found, allowed and next. */
export function faultText(fault: Fault): string {
  const { what, where, found, allowed, next } = fault.detail;
  const place = where === undefined ? "" : renderPlace(where);
  const lines: [string, string | undefined][] = [
    ["where", place === "" || what.includes(place) ? undefined : place],
    ["found", found],
    ["allowed", allowed],
    ["next", next],
  ];
  let text = `cryoscope: ${sanitize(what)}\n`;
  for (const [label, value] of lines) {
    if (value !== undefined) text += `  ${label.padEnd(7)}  ${sanitize(value)}\n`;
  }
  return text;
}

/** The same for scripts that asked for JSON. */
export function faultJson(fault: Fault): string {
  const { code, what, where, found, allowed, next } = fault.detail;
  return renderJsonLine({
    apiVersion,
    kind: "Error",
    error: {
      kind: fault.kind,
      code: code ?? null,
      exitCode: exitCodes[fault.kind],
      what,
      where: where ?? null,
      found: found ?? null,
      allowed: allowed ?? null,
      next: next ?? null,
    },
  });
}
