import type { MemberType } from "../../archive/member.ts";

/** Whose rights a program lends to whoever runs it; undefined where it lends none. */
export function setuidFault(type: MemberType, mode: number): string | undefined {
  if (type !== "file") return undefined;
  if ((mode & 0o4000) !== 0) return "runs as its owner (set-user-ID)";
  // Without the group's x the bit once meant locking, and lends nothing.
  return (mode & 0o2010) === 0o2010 ? "runs as its group (set-group-ID)" : undefined;
}
