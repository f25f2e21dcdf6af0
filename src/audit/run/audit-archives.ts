import type { ArchiveAudit } from "../audit.ts";
import { type ArchiveAuditOptions, auditArchive, type Opener } from "../audit-archive.ts";

export interface RunOptions extends ArchiveAuditOptions {
  /** Archives at once. */
  jobs: number;
  /** Opens what is no file of its own: `-`. */
  opener?: Opener;
  /** Told of each archive that is begun, in no order but with how many were before it. */
  begun?: (path: string) => void;
}

/** Audits archives, and hands the audits out in the order of the paths. */
export async function* auditArchives(
  paths: readonly string[],
  options: RunOptions,
): AsyncGenerator<ArchiveAudit> {
  for (const path of paths) {
    options.begun?.(path);
    yield await auditArchive(path, options, options.opener);
  }
}
