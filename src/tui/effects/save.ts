import { unlink } from "node:fs/promises";
import { createPrivateFile } from "../../archive/private-file.ts";
import { SparseFile } from "../../memory/core/sparse-file.ts";
import type { SaveContent } from "../state/questions.ts";
import type { Handler, Services } from "./handler.ts";
import { memberContent, spaceContent } from "./save-bytes.ts";
import { deletedContent } from "./save-deleted.ts";
import { treeContent } from "./tree.ts";

/** Bytes to be written, with their places; between them are holes. */
export interface SavedContent {
  /** Undefined where that is known at the end only: then nothing follows the last piece. */
  sizeBytes: number | undefined;
  /** Bytes of them that nobody knows; they are holes too. */
  unknownBytes?: number;
  pieces: AsyncIterable<{ at: number; bytes: Uint8Array }>;
}

/** Writes a new file that only its owner can read. Nothing of it stays when it cannot be whole. */
export const answerSave: Handler<"save"> = async ({ path, content }, services, { signal }) => {
  const { sizeBytes, unknownBytes = 0, pieces } = await contentOf(content, services);
  const handle = await createPrivateFile(path);
  try {
    const file = new SparseFile(handle, path);
    let end = sizeBytes ?? 0;
    for await (const { at, bytes } of pieces) {
      signal.throwIfAborted();
      await file.put(bytes, at);
      if (sizeBytes === undefined) end = at + bytes.length;
    }
    await file.end(end);
    await handle.close();
    return { bytes: end, unknown: unknownBytes };
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
};

/** @throws Fault where there is no such content; before any file is made. */
async function contentOf(content: SaveContent, services: Services): Promise<SavedContent> {
  switch (content.from) {
    case "text": {
      const bytes = Buffer.from(content.text);
      return { sizeBytes: bytes.length, pieces: whole(bytes) };
    }
    case "bytes": {
      const { archive, space, start, end } = content;
      return spaceContent(await services.checkpoints.get(archive), space, start, end);
    }
    case "member": {
      const { archive, member } = content;
      return memberContent(await services.checkpoints.get(archive), member);
    }
    case "tree": {
      const { archive, member, node } = content;
      return treeContent(await services.checkpoints.get(archive), member, node);
    }
    case "deleted":
      return deletedContent(await services.checkpoints.get(content.archive), content.ghostId);
  }
}

async function* whole(bytes: Uint8Array): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  yield { at: 0, bytes };
}
