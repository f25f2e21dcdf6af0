import type { Caller } from "../../../audit/custody.ts";
import { callerUid } from "../../../base/caller.ts";
import { maskCommand } from "../../../base/mask.ts";
import { shownName } from "../../../base/remote-name.ts";
import { quote } from "../../../base/shell.ts";

/** Who runs this, where, and by which words. */
export async function callerOf(typed: readonly string[]): Promise<Caller> {
  const { hostname, userInfo } = await import("node:os");
  const uid = await callerUid();
  let user = `uid ${uid}`;
  try {
    user = userInfo().username;
  } catch {
    // In a container the uid often has no name.
  }
  const command = ["cryoscope", ...maskCommand(typed.map(shownName)).map(quote)].join(" ");
  return { user, uid, host: hostname(), command };
}
