import type { ByteSource } from "../base/byte-source.ts";
import type { RetainedStore, RetainPolicy } from "./retained.ts";
import { SeekInput } from "./seek-input.ts";
import { StreamInput } from "./stream-input.ts";
import { type TarIndex, TarWalk } from "./tar-walk.ts";

/**
 * Indexes a plain tar by seeking from header to header.
 * @throws ArchiveError when the source does not begin with a tar header, or is empty.
 */
export async function indexTar(source: ByteSource): Promise<TarIndex> {
  return new TarWalk(new SeekInput(source)).run();
}

/**
 * Indexes a tar that cannot seek (compressed, or a pipe) in one pass, keeping in memory what
 * `retain` asks for. Damage of the stream ends the index as damage of the tar does.
 * @throws ArchiveError when the stream does not begin with a tar header, or is empty.
 */
export async function indexTarStream(
  chunks: AsyncIterable<Uint8Array>,
  { retain }: { retain: RetainPolicy },
): Promise<TarIndex & { store: RetainedStore }> {
  const input = new StreamInput(chunks, retain);
  try {
    const index = await new TarWalk(input).run();
    return { ...index, store: input.store };
  } finally {
    await input.close();
  }
}
