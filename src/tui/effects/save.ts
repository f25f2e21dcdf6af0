import { unlink } from "node:fs/promises";
import { createPrivateFile } from "../../archive/private-file.ts";
import type { SaveContent } from "../state/questions.ts";
import type { Handler, Services } from "./handler.ts";

/** Writes a new file that only its owner can read. Nothing of it stays when it cannot be whole. */
export const answerSave: Handler<"save"> = async ({ path, content }, services, { signal }) => {
  const handle = await createPrivateFile(path);
  try {
    let bytes = 0;
    for await (const chunk of chunks(content, services)) {
      signal.throwIfAborted();
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    await handle.close();
    return { bytes };
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
};

async function* chunks(content: SaveContent, _services: Services): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content.text);
}
