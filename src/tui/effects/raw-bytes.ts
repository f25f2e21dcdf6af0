import { memoryOf, openMember } from "./byte-space.ts";
import type { Handler } from "./handler.ts";

/** Bytes of a space as they are, with how many of them are not known. */
export const answerRawBytes: Handler<"rawBytes"> = async (
  { path, space, from, to },
  { checkpoints },
) => {
  const checkpoint = await checkpoints.get(path);
  const length = Number(to - from);
  if ("member" in space) {
    const source = await openMember(checkpoint, space.member);
    return { bytes: await source.read(Number(from), length), unknown: 0 };
  }
  const { bytes, gaps } = await (await memoryOf(checkpoint, space.pid)).read(from, length);
  return { bytes, unknown: gaps.reduce((sum, gap) => sum + gap.length, 0) };
};
