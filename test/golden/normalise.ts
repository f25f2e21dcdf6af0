import { basename } from "node:path";

type Json = { [key: string]: unknown };

/** Facts of the copy that a test made, not of the archive. */
const ofTheCopy: Json = { mode: "0600", uid: 0, gid: 0, modifiedAt: "2026-11-22T00:00:00Z" };

/**
 * Makes a document independent of where its archive lies, of who runs the test and of when it was
 * copied. What is replaced is tested with its true values in test/checkpoint.
 */
export function normaliseFile<T extends object>(document: T): T {
  const result: Json = { ...(document as Json) };
  if (typeof result["path"] === "string") result["path"] = basename(result["path"]);
  for (const [key, value] of Object.entries(ofTheCopy)) if (key in result) result[key] = value;
  return result as T;
}
