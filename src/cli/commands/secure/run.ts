import { type Secured, secure } from "../../../archive/secure.ts";
import { callerUid } from "../../../base/caller.ts";
import { apiVersion } from "../../../base/document.ts";
import { Fault, UsageError } from "../../../base/errors.ts";
import { formatMode } from "../../../base/units.ts";
import { type Column, renderTable } from "../../../report/table.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { faultText } from "../../print-fault.ts";

export interface SecureCommandOptions extends CommonOptions {
  dryRun?: boolean;
}

export async function runSecure(
  paths: readonly string[],
  options: SecureCommandOptions,
  io: Io,
): Promise<number> {
  if (options.permissions === "any") {
    throw new UsageError({
      what: "secure cannot make a file fit for anybody",
      found: "--permissions any",
      allowed: "--permissions root or owner",
      next: "cryoscope secure --help",
    });
  }
  const uid = options.permissions === "owner" ? await callerUid() : 0;
  const gid = options.permissions === "owner" ? -1 : 0;
  const items: Secured[] = [];
  let code: number = exitCodes.fine;
  for (const path of paths) {
    try {
      items.push(await secure(path, { uid, gid, dryRun: options.dryRun === true }));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // One path that cannot be mended must not keep the others open.
      await io.err.write(faultText(error, io));
      code = Math.max(code, exitCodes[error.kind]);
    }
  }
  await printResult(
    document(items, options),
    (table) => renderTable(items, columns(options), table),
    options,
    io,
  );
  return code;
}

function document(items: readonly Secured[], options: SecureCommandOptions): object {
  return {
    apiVersion,
    kind: "SecureResult",
    dryRun: options.dryRun === true,
    items: items.map(({ before, after, ...item }) => ({
      ...item,
      before: { ...before, mode: formatMode(before.mode) },
      after: { ...after, mode: formatMode(after.mode) },
    })),
  };
}

function columns({ dryRun }: SecureCommandOptions): Column<Secured>[] {
  const changed = dryRun === true ? "would change" : "changed";
  return [
    { title: "RESULT", cell: (it) => (it.changed ? changed : "✓ was right") },
    { title: "BEFORE", cell: ({ before }) => `${formatMode(before.mode)} uid ${before.uid}` },
    { title: "AFTER", cell: ({ after }) => `${formatMode(after.mode)} uid ${after.uid}` },
    { title: "PATH", cell: ({ path }) => path },
  ];
}
