import { strictText } from "../../base/bytes.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { ReadContext } from "../entries.ts";

const image = "descriptors.json";

/**
 * Reads what the OCI runtime noted of the descriptors 0, 1 and 2 of the first process: `/dev/null`,
 * `pipe:[50722]`, `socket:[81]`. They lead outside, and the runtime gives others on restore.
 * @returns the texts by descriptor; empty where no runtime wrote it
 */
export async function readStandardDescriptors({
  folder,
  problems,
}: ReadContext): Promise<string[]> {
  const source = folder.open(image);
  if (source === undefined) return [];
  try {
    if (source.size > limits.documentBytes) throw wrong(`${source.size} bytes`);
    const json = strictText(await source.read(0, source.size));
    if (json === undefined) throw wrong("no UTF-8 text");
    const list = parse(json);
    if (!Array.isArray(list) || !list.every((text) => typeof text === "string")) {
      throw wrong("another document");
    }
    return list;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member: folder.label(image) });
    return [];
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw wrong("no JSON");
  }
}

function wrong(found: string): ArchiveError {
  return new ArchiveError({
    what: "the list of standard descriptors cannot be read",
    found,
    allowed: "a JSON list of texts",
  });
}
