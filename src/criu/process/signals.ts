/** Signal numbers differ on MIPS alone; the others that CRIU knows share one table. */
const common = (
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
  "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ");
const mips = (
  "HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM USR1 USR2 CHLD PWR WINCH " +
  "URG IO STOP TSTP CONT TTIN TTOU VTALRM PROF XCPU XFSZ"
).split(" ");

/** What C libraries call SIGRTMIN; they keep those below it for themselves. */
const firstRealTime = 34;

/** The name of a signal: `SIGUSR1`, `SIGRTMIN+2`, `SIG33`. Any number has one. */
export function signalName(number: number, architecture?: string): string {
  const name = (architecture === "MIPS" ? mips : common)[number - 1];
  if (name !== undefined) return `SIG${name}`;
  const last = lastSignal(architecture);
  if (number === firstRealTime) return "SIGRTMIN";
  if (number === last) return "SIGRTMAX";
  if (number > firstRealTime && number < last) return `SIGRTMIN+${number - firstRealTime}`;
  return `SIG${number}`;
}

/** The highest signal number of an architecture. */
export function lastSignal(architecture?: string): number {
  return architecture === "MIPS" ? 128 : 64;
}

/** Names of the signals in a set of 64, or of 128 with its second word. */
export function signalSet(
  low: bigint | undefined,
  high: bigint | undefined = 0n,
  architecture?: string,
): string[] {
  const bits = BigInt.asUintN(64, low ?? 0n) | (BigInt.asUintN(64, high) << 64n);
  const names: string[] = [];
  for (let number = 1; bits >> BigInt(number - 1) > 0n; number++) {
    if ((bits >> BigInt(number - 1)) & 1n) names.push(signalName(number, architecture));
  }
  return names;
}
