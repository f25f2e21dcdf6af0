import { closeSync, constants, fstatSync, openSync, realpathSync, type Stats } from "node:fs";
import { callerUid } from "../base/caller.ts";
import { ArchiveError, RefusedError } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import { quote } from "../base/shell.ts";
import { type Laxity, laxities } from "./laxity.ts";

/** Who may own an archive and its folders before we read it. */
export type PermissionPolicy = "root" | "owner" | "any";

/** A file that passed the gate. The caller closes `fd`. */
interface OpenedFile {
  fd: number;
  stats: Stats;
  /** Findings that the policy let pass. */
  problems: Problem[];
}

const openFlags =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens a file and asks, on the open descriptor and before any byte is read, whether only its
 * owner could have written or read it.
 * @throws RefusedError with the mend, or ArchiveError when there is nothing to open.
 */
export async function openGated(path: string, policy: PermissionPolicy): Promise<OpenedFile> {
  const fd = await openNoFollow(path, policy);
  try {
    const stats = fstatSync(fd);
    return { fd, stats, problems: await judge(fd, stats, path, policy) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Judges an open file by a policy.
 * @returns the findings that the policy lets pass.
 * @throws RefusedError for the first that it does not.
 */
export async function judge(
  fd: number,
  stats: Stats,
  path: string,
  policy: PermissionPolicy,
): Promise<Problem[]> {
  const lax = laxities(fd, stats, path, await rightfulOwner(policy, stats));
  const fatal = lax.find(({ code }) => policy !== "any" || code === "not-a-file");
  if (fatal !== undefined) throw refusal(fatal, policy);
  return lax.map(asProblem);
}

/** The uid that a policy wants. With `any`, what the caller owns is measured as the caller's. */
export async function rightfulOwner(policy: PermissionPolicy, { uid }: Stats): Promise<number> {
  if (policy === "root" || (policy === "any" && uid === 0)) return 0;
  return callerUid();
}

async function openNoFollow(path: string, policy: PermissionPolicy): Promise<number> {
  try {
    return openSync(path, openFlags);
  } catch (error) {
    throw await openFailure(error as NodeJS.ErrnoException, path, policy);
  }
}

async function openFailure(
  error: NodeJS.ErrnoException,
  path: string,
  policy: PermissionPolicy,
): Promise<Error> {
  if (error.code === "ELOOP" || error.code === "EMLINK") {
    const target = realPath(path);
    return new RefusedError({
      code: "symlink",
      what: `${path} is a symbolic link, and links are never followed to an archive`,
      where: { path },
      found: target === undefined ? "a link that leads nowhere" : `a link to ${target}`,
      allowed: "a regular file",
      next:
        target === undefined
          ? "name the archive itself"
          : `name the archive itself: ${quote(target)}`,
      cause: error,
    });
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    const uid = await callerUid();
    return new RefusedError({
      code: "no-access",
      what: `you may not read ${path}`,
      where: { path },
      found: `caller uid ${uid}`,
      allowed: "root, who owns checkpoint archives",
      next:
        uid === 0 || policy === "any"
          ? "check the mount, ACLs and security modules (ls -lZ, getfacl)"
          : `run it as root: sudo cryoscope …; or have root give you a copy of your own and add --permissions owner`,
      cause: error,
    });
  }
  return new ArchiveError({
    what:
      error.code === "ENOENT"
        ? `there is no file ${path}`
        : `${path} cannot be opened (${error.code})`,
    where: { path },
    next: "list what is there: cryoscope list",
    cause: error,
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function refusal(lax: Laxity, policy: PermissionPolicy): RefusedError {
  const { code, what, found, allowed, path, next } = lax;
  const other =
    policy === "any" ? "" : "; to read it as it is: --permissions any (a finding in every report)";
  return new RefusedError({ code, what, found, allowed, where: { path }, next: next + other });
}

function asProblem(lax: Laxity): Problem {
  return {
    severity: "warning",
    code: `permissions-${lax.code}`,
    message: `${lax.what} (${lax.found}; allowed ${lax.allowed}); mend: ${lax.next}`,
    where: { path: lax.path },
  };
}
