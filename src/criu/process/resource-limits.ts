import type { ProblemLog } from "../../base/problem.ts";
import { safeNumber } from "../../base/u64.ts";
import { formatCount } from "../../base/units.ts";
import type { Messages } from "../schema/types.ts";

/** A limit's value: a number, a u64 beyond 2^53, or none. */
type LimitValue = number | bigint | "unlimited";

/** A resource limit: `RLIMIT_NOFILE`. Sizes in bytes, times in seconds (RTTIME: microseconds). */
export interface ResourceLimit {
  name: string;
  soft: LimitValue;
  hard: LimitValue;
}

const common =
  "CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME".split(
    " ",
  );
const mips =
  "CPU FSIZE DATA STACK CORE NOFILE AS RSS NPROC MEMLOCK LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME".split(
    " ",
  );

/** CRIU writes RLIM_INFINITY of every architecture as this. */
const infinity = 0xffff_ffff_ffff_ffffn;

export function readResourceLimits(
  entries: readonly Messages["rlimit_entry"][],
  architecture: string | undefined,
  member: string,
  problems: ProblemLog,
): ResourceLimit[] {
  const names = architecture === "MIPS" ? mips : common;
  if (entries.length > names.length) {
    problems.add({
      severity: "error",
      code: "resource-limits",
      message: `there are ${formatCount(entries.length)} resource limits; allowed ${names.length}, and the rest is not read`,
      where: { member },
    });
  }
  return entries.slice(0, names.length).map(({ cur, max }, at) => ({
    name: `RLIMIT_${names[at]}`,
    soft: limitValue(cur),
    hard: limitValue(max),
  }));
}

function limitValue(value: bigint): LimitValue {
  return value === infinity ? "unlimited" : (safeNumber(value) ?? value);
}
