import { formatCount } from "../base/units.ts";
import type { ProcessDocument } from "../checkpoint/process-document.ts";
import { renderFields, type TableOptions } from "./table.ts";

type Ids = { real: number; effective: number; saved: number; fileSystem: number };

/** What a process may do: ids, capabilities, LSM, seccomp. */
export function renderRights(
  { credentials: it, seccomp }: Pick<ProcessDocument, "credentials" | "seccomp">,
  options: TableOptions,
): string {
  const lines: [string, string | null][] = [];
  if (it !== null) {
    const { capabilities: caps } = it;
    const effective = caps.effective.join(" ");
    const like = (names: readonly string[]): string =>
      names.length === 0
        ? "none"
        : names.join(" ") === effective
          ? "as effective"
          : names.join(" ");
    lines.push(
      ["Uid", idText(it.uid)],
      ["Gid", idText(it.gid)],
      ["Groups", it.groups.length === 0 ? null : it.groups.join(", ")],
      ["Effective", effective === "" ? "no capability" : effective],
      ["Permitted", like(caps.permitted)],
      ["Inheritable", like(caps.inheritable)],
      ["Bounding", like(caps.bounding)],
      ["Ambient", caps.ambient === null ? null : like(caps.ambient)],
      ["Secure bits", it.secureBits.length === 0 ? null : it.secureBits.join(" ")],
      ["No new privileges", it.noNewPrivileges === null ? null : yesNo(it.noNewPrivileges)],
      ["LSM profile", it.lsmProfile],
      ["LSM of sockets", it.lsmSocketLabel],
    );
  }
  if (seccomp !== null) lines.push(["Seccomp", seccompText(seccomp)]);
  return renderFields(
    lines.filter((line): line is [string, string] => line[1] !== null),
    options,
  );
}

/** One id where all four are alike. */
export function idText({ real, effective, saved, fileSystem }: Ids): string {
  if (real === effective && real === saved && real === fileSystem) return `${real}`;
  return `real ${real}, effective ${effective}, saved ${saved}, file system ${fileSystem}`;
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** The mode, and how long the filters are, the last one installed first. */
export function seccompText({ mode, filters }: NonNullable<ProcessDocument["seccomp"]>): string {
  if (filters === null) return `${mode}, whose filters are not in the dump`;
  const each = filters.map(({ instructions }) => `${formatCount(instructions)} instructions`);
  return each.length === 0 ? mode : `${mode}: ${each.join(", then ")}`;
}
