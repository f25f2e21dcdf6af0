import { statSync } from "node:fs";

/** The effective user id of this process. */
export async function callerUid(): Promise<number> {
  const { userInfo } = await import("node:os");
  try {
    return userInfo().uid;
  } catch {
    // In a container the uid often has no entry in /etc/passwd, and userInfo then throws.
    return statSync("/proc/self").uid;
  }
}
