import type { ErrorLine, Finding, RunExplanation } from "../diagnose/log/explanation.ts";

const works = {
  dump: "the dump",
  "pre-dump": "the pre-dump",
  restore: "the restore",
  wrapper: "the call",
  unknown: "what was tried",
} as const;

/** How a run went, in a sentence without a stop. Not sanitised. */
export function outcomeWords(run: RunExplanation): string {
  const { operation, outcome, endsMidLine, errors, finding } = run;
  const work = works[operation];
  if (outcome === "succeeded") {
    if (finding !== null) return `${work} ended well by its own word, and yet something is lost`;
    const spoken = errors.length === 0 ? "" : "; what it complained of did no harm";
    return `${work} went well${spoken}`;
  }
  if (outcome === "failed") return `${work} failed`;
  if (outcome === "unknown") return "nothing in it says how it went, and no error is in it";
  if (finding !== null) return "the log breaks off";
  const end = endsMidLine ? "in the middle of a line" : "without a word on how it went";
  return `the log breaks off ${end}, and no error is in it: CRIU was killed, still works, or had no room to write`;
}

/** What there is to say of an error's cause, known or not. */
export function causeWords({ cause }: Finding): string {
  return cause ?? "not known: this error is new to cryoscope";
}

/** What to do, with the line of configuration where one helps. */
export function remedyWords({ remedy, configuration }: Finding): string {
  const words = remedy ?? "look at the lines around it, and at CRIU's issues for the same words";
  if (configuration === null) return words;
  const [file, other] = configuration.files;
  const besides = other === undefined ? "" : ` (crun: ${other})`;
  return `${words}: put the line "${configuration.line}" into ${file}${besides} on the node`;
}

/** What a line is to the whole, in a few words. */
export const roleWords: Readonly<Record<ErrorLine["role"], string>> = {
  cause: "the error",
  leading: "led to it",
  consequence: "follows from it",
  separate: "another error",
  harmless: "harmless",
};

/** What CRIU, the kernel and the runtime say of themselves. Not sanitised. */
export function madeBy({ criu, kernel, runtime }: RunExplanation): string[] {
  const { release, machine } = kernel;
  return [
    ...(criu.version === null ? [] : [`CRIU ${criu.version}`]),
    ...(release === null ? [] : [`Linux ${release}${machine === null ? "" : ` ${machine}`}`]),
    ...(runtime === null ? [] : [runtime]),
  ];
}
