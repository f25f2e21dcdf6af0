import { escapedText } from "../../base/bytes.ts";
import { limits } from "../../base/limits.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import type { AddressSpace } from "../address-space.ts";
import type { MemoryLayout } from "../memory-layout.ts";

/** One entry of an environment, as it lies in memory. */
export interface Variable {
  /** What stands before the first `=`; the whole entry where there is none. */
  name: string;
  /** Null where the entry has no `=`. */
  value: string | null;
}

/**
 * The environment that a process was started with, in its order; what is there twice is kept
 * twice. Undefined where its pages are not in the dump. A program may set the range itself
 * (`prctl`), so it is cut at `limits.argumentBytes`, and where its pages end.
 */
export async function readEnvironment(
  space: AddressSpace | undefined,
  layout: MemoryLayout | undefined,
  member: string,
  problems: ProblemLog,
): Promise<Variable[] | undefined> {
  if (space === undefined || layout === undefined) return undefined;
  if (layout.env === undefined) return emptyOrBackwards(layout, member, problems);
  const { start, length } = layout.env;
  const announced = layout.entry.mm_env_end - layout.entry.mm_env_start;
  if (announced > BigInt(length)) {
    const message = `the environment is ${formatCount(announced)} bytes long; allowed ${formatCount(limits.argumentBytes)}, and the rest is not read`;
    problems.add({ severity: "error", code: "environment", message, where: { member } });
  }
  const bytes = (await space.read(start, length)) ?? (await readStart(space, start, length));
  return bytes === undefined ? undefined : splitVariables(bytes);
}

function emptyOrBackwards(
  { entry }: MemoryLayout,
  member: string,
  problems: ProblemLog,
): Variable[] | undefined {
  if (entry.mm_env_end === entry.mm_env_start) return [];
  problems.add({
    severity: "error",
    code: "environment",
    message: "the environment ends before it begins, or is longer than any memory",
    where: { member },
  });
  return undefined;
}

/** Bytes per read where the pages of a range are not all there. */
const step = 4096n;

/** The part of a range that is there, from its start. */
async function readStart(
  space: AddressSpace,
  start: bigint,
  length: number,
): Promise<Uint8Array | undefined> {
  const end = start + BigInt(length);
  let present = start;
  while (present < end) {
    const next = present - (present % step) + step;
    const until = next < end ? next : end;
    if (space.locate(present, Number(until - present)) === undefined) break;
    present = until;
  }
  return present === start ? undefined : space.read(start, Number(present - start));
}

/** Splits NUL-terminated entries. Empty ones say nothing and are left out. */
export function splitVariables(bytes: Uint8Array): Variable[] {
  const variables: Variable[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(0, at);
    const end = found === -1 ? bytes.length : found;
    if (end > at) variables.push(variable(escapedText(bytes.subarray(at, end))));
    at = end + 1;
  }
  return variables;
}

function variable(entry: string): Variable {
  const equals = entry.indexOf("=");
  return equals === -1
    ? { name: entry, value: null }
    : { name: entry.slice(0, equals), value: entry.slice(equals + 1) };
}
