import { UsageError } from "../../../base/errors.ts";
import { detectors } from "../../../memory/secrets/detectors.ts";
import { detectorNames, findSecrets } from "../../../memory/secrets/find-secrets.ts";
import { secretList } from "../../../memory/secrets/secret-list.ts";
import { renderSecrets } from "../../../report/secret-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import { beforeFetching, memoryBytes } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, noteElsewhere, withMemory } from "./open.ts";

export interface SecretsCommandOptions extends MemoryOptions {
  detector?: ReadonlySet<string>;
  without?: ReadonlySet<string>;
  memoryOnly?: boolean;
  limit?: number;
}

export function runSecrets(path: string, options: SecretsCommandOptions, io: Io): Promise<number> {
  const without = unwanted(options);
  return withMemory(path, options, io, async (open) => {
    const everything = options.memoryOnly !== true && options.pid === undefined;
    const reads = everything ? undefined : await memoryBytes(open.checkpoint);
    await beforeFetching(open.checkpoint, options, io, reads);
    const progress = new Progress(io, "looking for secrets", options.quiet === true);
    let read = 0;
    const { pid, reveal } = options;
    const found = findSecrets(open.checkpoint, {
      detectors,
      without,
      reveal: reveal === true,
      // What is not memory belongs to no process.
      everywhere: everything,
      progress: (bytes) => {
        read += bytes;
        progress.pass({ read, total: undefined });
      },
      ...(pid === undefined ? {} : { pids: pid }),
    });
    const report = await found.finally(() => progress.end());
    const list = secretList(open.checkpoint, report, options.limit);
    await printResult(
      list,
      (table) =>
        options.quiet === true
          ? list.items.map(({ fingerprint }) => `${fingerprint}\n`).join("")
          : renderSecrets(list, table),
      options,
      io,
    );
    await noteElsewhere(open, options, io);
    if (report.secrets.length === 0 && options.quiet !== true) {
      await io.err.write("cryoscope: no secrets found\n");
    }
    const code = await verdict(list.problems, io);
    if (code !== exitCodes.fine) return code;
    return report.secrets.length === 0 ? exitCodes.fine : exitCodes.findings;
  });
}

/** Detectors that are not asked. */
function unwanted({ detector, without = new Set() }: SecretsCommandOptions): ReadonlySet<string> {
  const ids = detectorNames().map(({ id }) => id);
  const unknown = [...(detector ?? []), ...without].find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new UsageError({
      what: `there is no detector ${JSON.stringify(unknown)}`,
      allowed: ids.join(", "),
    });
  }
  return new Set(ids.filter((id) => without.has(id) || detector?.has(id) === false));
}
