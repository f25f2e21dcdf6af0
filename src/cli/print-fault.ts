import { apiVersion } from "../base/document.ts";
import type { Fault } from "../base/errors.ts";
import { withoutQueries } from "../base/remote-name.ts";
import { sanitize } from "../base/text.ts";
import { renderJsonLine } from "../report/json.ts";
import { renderPlace } from "../report/problems.ts";
import { asTyped } from "./calling.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Commands in what helps are spelled as this caller types them. */
type Caller = Pick<Io, "calledAs">;

/**
 * A fault for people: what, and below it where, found, allowed and next.
 * @param about which of many it is of.
 */
export function faultText(fault: Fault, { calledAs }: Caller, about?: string): string {
  const { what, where, found, allowed, next, notes = [], manifest } = fault.detail;
  const place = where === undefined ? "" : renderPlace(where);
  const lines: [string, string | undefined][] = [
    ["where", place === "" || what.includes(place) ? undefined : place],
    ["found", found],
    ["allowed", asTyped(allowed, calledAs)],
    ["next", asTyped(next, calledAs)],
    ...notes.map((note): [string, string] => ["note", asTyped(note, calledAs)]),
  ];
  const head = about === undefined ? what : `${about}: ${what}`;
  let text = `cryoscope: ${sanitize(head)}\n`;
  for (const [label, value] of lines) {
    if (value !== undefined) text += `  ${label.padEnd(7)}  ${sanitize(value)}\n`;
  }
  // Commands that know nothing of addresses quote what was typed.
  text = withoutQueries(text);
  if (manifest === undefined) return text;
  // It is meant to be copied, so it stands at the margin.
  return `${text}${manifest.split("\n").map(sanitize).join("\n").trimEnd()}\n`;
}

/** The same for scripts that asked for JSON. */
export function faultJson(fault: Fault, { calledAs }: Caller): string {
  const error = faultDocument(fault);
  const next = asTyped(fault.detail.next, calledAs) ?? null;
  return withoutQueries(renderJsonLine({ apiVersion, kind: "Error", error: { ...error, next } }));
}

/** A fault as it stands in JSON documents. */
export function faultDocument(fault: Fault): object {
  const { code, what, where, found, allowed, next, notes, manifest } = fault.detail;
  return {
    kind: fault.kind,
    code: code ?? null,
    exitCode: exitCodes[fault.kind],
    what,
    where: where ?? null,
    found: found ?? null,
    allowed: allowed ?? null,
    next: next ?? null,
    notes: notes ?? [],
    manifest: manifest ?? null,
  };
}
