import type { Custody } from "../audit/custody.ts";
import { sanitize } from "../base/text.ts";
import { formatCount } from "../base/units.ts";
import { plainStyle } from "./style.ts";
import type { TableOptions } from "./table.ts";

/** Who took an archive into custody, and its hash; with `wide` that of each member. */
export function renderCustody(custody: Custody, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const { archiveSha256, members, moreMembers, hashedAt, user, uid, host, tool, command } = custody;
  const lines = [
    `SHA-256  ${archiveSha256 ?? "none: it is a folder"}`,
    `taken    ${hashedAt} by ${user} (uid ${uid}) on ${host} with ${tool}`,
    `command  ${command}`,
  ];
  if (options.wide) {
    for (const { name, size, sha256 } of members) lines.push(`${sha256}  ${size}  ${name}`);
    if (moreMembers > 0) lines.push(`${formatCount(moreMembers)} further members are not listed`);
  } else {
    lines.push(`members  ${formatCount(members.length + moreMembers)} hashed; -o wide lists them`);
  }
  return lines.map((line) => `    ${style.dim(sanitize(line))}\n`).join("");
}
