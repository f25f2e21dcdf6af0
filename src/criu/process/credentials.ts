import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import type { Messages } from "../schema/types.ts";
import { capabilityNames, capabilityWords } from "./capabilities.ts";
import { bitNames, type Flags } from "./flags.ts";

/** One id in its four roles. */
export interface IdSet {
  real: number;
  effective: number;
  saved: number;
  fileSystem: number;
}

/** Whose rights a task has. */
export interface Credentials {
  uid: IdSet;
  gid: IdSet;
  /** Supplementary groups. */
  groups: number[];
  /** By name: `CAP_CHOWN`. */
  capabilities: {
    effective: string[];
    permitted: string[];
    inheritable: string[];
    bounding: string[];
    /** Null where the images do not say: CRIU 3.17 does not save them. */
    ambient: string[] | null;
  };
  /** `SECBIT_…`. */
  secureBits: string[];
  noNewPrivileges: boolean | null;
  /** AppArmor profile or SELinux label of the task, and of the sockets that it makes. */
  lsmProfile: string | null;
  lsmSocketLabel: string | null;
}

const secureBits: Flags = [
  [0x1, "SECBIT_NOROOT"],
  [0x2, "SECBIT_NOROOT_LOCKED"],
  [0x4, "SECBIT_NO_SETUID_FIXUP"],
  [0x8, "SECBIT_NO_SETUID_FIXUP_LOCKED"],
  [0x10, "SECBIT_KEEP_CAPS"],
  [0x20, "SECBIT_KEEP_CAPS_LOCKED"],
  [0x40, "SECBIT_NO_CAP_AMBIENT_RAISE"],
  [0x80, "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED"],
  [0x100, "SECBIT_EXEC_RESTRICT_FILE"],
  [0x200, "SECBIT_EXEC_RESTRICT_FILE_LOCKED"],
  [0x400, "SECBIT_EXEC_DENY_INTERACTIVE"],
  [0x800, "SECBIT_EXEC_DENY_INTERACTIVE_LOCKED"],
];

export function readCredentials(
  entry: Messages["creds_entry"],
  member: string,
  problems: ProblemLog,
): Credentials {
  const set = (words: readonly number[]): string[] => {
    if (words.length > capabilityWords) {
      problems.add({
        severity: "error",
        code: "capability-set",
        message: `a capability set has ${formatCount(words.length)} words; allowed ${capabilityWords}, and the rest is not read`,
        where: { member },
      });
    }
    return capabilityNames(words);
  };
  return {
    uid: ids(entry.uid, entry.euid, entry.suid, entry.fsuid),
    gid: ids(entry.gid, entry.egid, entry.sgid, entry.fsgid),
    groups: entry.groups,
    capabilities: {
      effective: set(entry.cap_eff),
      permitted: set(entry.cap_prm),
      inheritable: set(entry.cap_inh),
      bounding: set(entry.cap_bnd),
      // Those that save it write its words even where they are zero.
      ambient: entry.cap_amb.length === 0 ? null : set(entry.cap_amb),
    },
    secureBits: bitNames(entry.secbits, secureBits),
    noNewPrivileges: entry.no_new_privs === undefined ? null : entry.no_new_privs !== 0,
    lsmProfile: entry.lsm_profile ?? null,
    lsmSocketLabel: entry.lsm_sockcreate ?? null,
  };
}

function ids(real: number, effective: number, saved: number, fileSystem: number): IdSet {
  return { real, effective, saved, fileSystem };
}
