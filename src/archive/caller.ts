import { statSync } from "node:fs";
import { userInfo } from "node:os";

/** The effective user id of this process. */
export function callerUid(): number {
  try {
    return userInfo().uid;
  } catch {
    // In a container the uid often has no entry in /etc/passwd, and userInfo then throws.
    return statSync("/proc/self").uid;
  }
}
