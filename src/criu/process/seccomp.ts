import type { ProblemLog } from "../../base/problem.ts";
import type { Messages } from "../schema/types.ts";
import { bitNames, type Flags, nameOf } from "./flags.ts";

/** A BPF program that judges system calls. */
interface SeccompFilter {
  /** Its number in `seccomp.img`. */
  index: number;
  /** Instructions of 8 bytes. */
  instructions: number;
  /** `SECCOMP_FILTER_FLAG_…`. */
  flags: string[];
}

export interface Seccomp {
  /** `disabled`, `strict` or `filter`. */
  mode: string;
  /** The filters that apply, the first one installed first; null where they are not to be had. */
  filters: SeccompFilter[] | null;
}

const filterMode = 2;
const modes: Record<number, string> = { 0: "disabled", 1: "strict", [filterMode]: "filter" };
const filterFlags: Flags = [
  [0x1, "SECCOMP_FILTER_FLAG_TSYNC"],
  [0x2, "SECCOMP_FILTER_FLAG_LOG"],
  [0x4, "SECCOMP_FILTER_FLAG_SPEC_ALLOW"],
  [0x8, "SECCOMP_FILTER_FLAG_NEW_LISTENER"],
  [0x10, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH"],
  [0x20, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
];

const instructionBytes = 8;
/** `BPF_MAXINSNS`: the kernel takes no longer program. */
const maxInstructions = 4096;
/** The kernel counts 4 more for each filter, and takes no more than 32,768 in a chain. */
const maxChain = Math.floor(32_768 / 5);

/** Follows a chain of filters. Indices that lead nowhere, or in a circle, end it with a problem. */
export function readSeccomp(
  mode: number,
  first: number | undefined,
  filters: readonly Messages["seccomp_filter"][] | undefined,
  place: { member: string; label: string },
  problems: ProblemLog,
): Seccomp {
  const name = nameOf(modes, mode);
  if (mode !== filterMode) return { mode: name, filters: [] };
  if (filters === undefined || first === undefined) return { mode: name, filters: null };
  const chain: SeccompFilter[] = [];
  const seen = new Set<number>();
  for (let at: number | undefined = first; at !== undefined; ) {
    const filter: Messages["seccomp_filter"] | undefined = filters[at];
    const end = endOfChain(at, filters, seen);
    const reason = end ?? lengthFault(filter as Messages["seccomp_filter"], at);
    if (reason !== undefined) {
      const where = { member: filter === undefined ? place.member : place.label };
      problems.add({ severity: "error", code: "seccomp-filter", message: reason, where });
    }
    if (filter === undefined || end !== undefined) break;
    seen.add(at);
    chain.push({
      index: at,
      instructions: Math.floor(filter.filter.length / instructionBytes),
      flags: bitNames(filter.flags ?? 0, filterFlags),
    });
    at = filter.prev;
  }
  return { mode: name, filters: chain };
}

/** Why a chain cannot go on at a filter; undefined where it can. */
function endOfChain(
  at: number,
  filters: readonly Messages["seccomp_filter"][],
  seen: ReadonlySet<number>,
): string | undefined {
  if (seen.has(at)) {
    return `seccomp filter ${at} is installed before itself; the circle is cut there`;
  }
  if (filters[at] === undefined) {
    return `there is no seccomp filter ${at}; the image holds ${filters.length}`;
  }
  if (seen.size < maxChain) return undefined;
  return `the filters of a thread are more than the kernel takes (${maxChain}); the rest is left out`;
}

function lengthFault({ filter }: Messages["seccomp_filter"], at: number): string | undefined {
  const whole = filter.length % instructionBytes === 0;
  if (whole && filter.length > 0 && filter.length / instructionBytes <= maxInstructions) {
    return undefined;
  }
  return `seccomp filter ${at} is ${filter.length} bytes; allowed 1 to ${maxInstructions} instructions of ${instructionBytes} bytes`;
}
