import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { openReportFile, pipedReports, type ReportFile } from "../../../audit/merge/report-file.ts";
import { ArchiveError, Fault, RefusedError } from "../../../base/errors.ts";
import type { Io } from "../../io.ts";

/** Names of reports in a folder; what begins with a dot is not finished. */
const reportName = /^[^.].*\.(json|jsonl|ndjson)(\.(gz|zst))?$/;

/**
 * The reports that paths stand for: a file is itself, a folder stands for the reports in it and in
 * the folders below, in the order of their names. Links in folders are not followed.
 */
export async function findReports(
  paths: readonly string[],
): Promise<{ files: string[]; missed: Fault[] }> {
  const files = new Set<string>();
  const missed: Fault[] = [];
  for (const path of paths) {
    try {
      for (const file of await reportsOf(path)) files.add(file);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      missed.push(fault);
    }
  }
  return { files: [...files], missed };
}

async function reportsOf(path: string): Promise<string[]> {
  if (path === "-") return [path];
  const stats = await lstat(path).catch((error) => {
    throw unreachable(path, error as NodeJS.ErrnoException);
  });
  return stats.isDirectory() ? inFolder(path) : [path];
}

async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw unreachable(folder, error as NodeJS.ErrnoException);
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await inFolder(path)));
    else if (entry.isFile() && reportName.test(entry.name)) found.push(path);
  }
  return found;
}

/** @throws Fault where it cannot be opened */
export function openReportAt(path: string, io: Io): Promise<ReportFile> | ReportFile {
  return path === "-" ? pipedReports(io.stdin.stream) : openReportFile(path);
}

function unreachable(path: string, error: NodeJS.ErrnoException): Fault {
  const denied = error.code === "EACCES" || error.code === "EPERM";
  const detail = {
    what: denied ? `you may not look into ${path}` : `there is no ${path}`,
    where: { path },
    next: denied
      ? "run it as root (sudo)"
      : "name reports of cryoscope audit -o json, or folders of them",
    cause: error,
  };
  return denied ? new RefusedError(detail) : new ArchiveError(detail);
}
