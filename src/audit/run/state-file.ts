import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { createPrivateFile } from "../../archive/private-file.ts";
import { callerUid } from "../../base/caller.ts";
import { apiVersion } from "../../base/document.ts";
import { Fault, RefusedError, UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json-object.ts";
import { quote } from "../../base/shell.ts";
import { formatBytes, formatMode } from "../../base/units.ts";
import { severities } from "../severity.ts";
import type { AuditState, SeenArchive } from "./state.ts";

/** Ten thousand archives take 5 MiB. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Reads the file of an earlier audit.
 * @returns undefined where there is none
 * @throws UsageError for a file that is none of ours, RefusedError where others could have written it
 */
export async function readState(path: string): Promise<AuditState | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let handle: FileHandle;
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw noState(path, code === "ELOOP" ? "a symbolic link" : `${code}`, error);
  }
  try {
    await judge(handle, path);
    return parse(await handle.readFile("utf8"), path);
  } finally {
    await handle.close();
  }
}

/** What others can write, they can fill with archives that need no audit. */
async function judge(handle: FileHandle, path: string): Promise<void> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw noState(path, "no regular file");
  if (stats.size > mostBytes) throw noState(path, formatBytes(stats.size));
  const uid = await callerUid();
  if ((stats.uid === uid || stats.uid === 0) && (stats.mode & 0o022) === 0) return;
  throw new RefusedError({
    code: "state",
    what: `others can change ${path}, and could have archives passed over`,
    where: { path },
    found: `owner uid ${stats.uid}, mode ${formatMode(stats.mode)}`,
    allowed: `owner uid ${uid}, mode 0600`,
    next: `remove it, and everything is audited again: rm ${quote(path)}`,
  });
}

function parse(text: string, path: string): AuditState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw noState(path, "no JSON", error);
  }
  const state = value as AuditState;
  if (!isObject(value) || state.apiVersion !== apiVersion || state.kind !== "AuditState") {
    throw noState(path, "another document");
  }
  const whole =
    typeof state.tool === "string" &&
    typeof state.question === "string" &&
    isObject(state.archives) &&
    Object.values(state.archives).every(isSeen);
  if (!whole) throw noState(path, "a state with other keys");
  return state;
}

function isSeen(value: unknown): boolean {
  if (!isObject(value)) return false;
  const seen = value as unknown as SeenArchive;
  const texts = ["dev", "inode", "size", "modified", "changed", "auditedAt"] as const;
  const orNull = ["until", "container", "pod", "namespace", "checkpointedAt"] as const;
  return (
    texts.every((key) => typeof seen[key] === "string") &&
    orNull.every((key) => seen[key] === null || typeof seen[key] === "string") &&
    isObject(seen.counts) &&
    Number.isInteger(seen.counts.allowed) &&
    isObject(seen.counts.bySeverity) &&
    severities.every((severity) => Number.isInteger(seen.counts.bySeverity[severity]))
  );
}

function noState(path: string, found: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "state",
    what: `${path} is no state of an audit, and it is not overwritten`,
    where: { path },
    found,
    allowed: "a file that `cryoscope audit --state` wrote, or none",
    next: "name another file; or remove it, and everything is audited again",
    cause,
  });
}

/**
 * Replaces the file as a whole, so that an audit which is killed leaves the one before.
 * @param partial is told of the file that must not stay behind
 */
export async function writeState(
  path: string,
  state: AuditState,
  partial: (path: string, state: "begun" | "done") => void,
): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString("hex")}.partial`;
  const handle = await createPrivateFile(fresh);
  partial(fresh, "begun");
  try {
    await handle.writeFile(`${JSON.stringify(state, null, 1)}\n`);
    await handle.sync();
    await handle.close();
    await rename(fresh, path);
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(fresh).catch(() => {});
    if (error instanceof Fault) throw error;
    throw new RefusedError({
      code: "state",
      what: `the state of the audit cannot be written to ${path}`,
      where: { path },
      found: (error as NodeJS.ErrnoException).code ?? String(error),
      next: "make room, or choose a folder on another disk; the next audit begins from the state before",
      cause: error,
    });
  } finally {
    partial(fresh, "done");
  }
}
