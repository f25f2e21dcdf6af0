import type { CriuOptionNeed } from "../needs/options.ts";

/** An option that CRIU gets on restore, and why. */
export interface CriuOption {
  /** As the runtime's command line has it, or CRIU's configuration file. */
  option: string;
  /** Where it is said: not every option is a word of both runtimes' command lines. */
  by: "runtime" | "criu.conf";
  reason: string;
}

/** Options that runc and crun both know by CRIU's own name. */
const words: ReadonlySet<string> = new Set([
  "tcp-established",
  "ext-unix-sk",
  "file-locks",
  "shell-job",
]);

/** The options of a bundle. Control groups are the runtime's in any case. */
export function criuOptions(needs: readonly CriuOptionNeed[]): CriuOption[] {
  // Both runtimes have `--manage-cgroups-mode ignore`, and CRIU goes on with `soft` all the same; its
  // file is stronger. Else it makes every group of the dump anew below the bundle's.
  const cgroups: CriuOption = {
    option: "manage-cgroups=ignore",
    by: "criu.conf",
    reason: "control groups are the bundle's own, not those of the dump",
  };
  return [
    cgroups,
    ...needs.map(({ name, why }): CriuOption => {
      return words.has(name)
        ? { option: `--${name}`, by: "runtime", reason: why }
        : { option: name, by: "criu.conf", reason: why };
    }),
  ];
}
