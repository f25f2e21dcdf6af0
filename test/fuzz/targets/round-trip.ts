import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { ArchiveError } from "../../../src/base/errors.ts";
import { imageBytes } from "../../../src/criu/crit/image-bytes.ts";
import { imageJson } from "../../../src/criu/crit/image-json.ts";
import { Finding } from "../oracle.ts";

async function decoded(bytes: Buffer, pretty: boolean): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of imageJson(new BufferSource(bytes), pretty)) pieces.push(piece);
  return pieces.join("");
}

/**
 * What can be decoded can be encoded, and means the same again. (Bytes may differ: a mutant may
 * hold numbers written longer than they need be, or fields out of order.)
 */
export async function decodeAndEncode(image: Buffer, pretty: boolean): Promise<string[]> {
  let json: string;
  try {
    json = await decoded(image, pretty);
  } catch (error) {
    if (error instanceof ArchiveError) return [`broken: ${error.detail.what}`];
    throw error;
  }
  JSON.parse(json);
  let encoded: Buffer;
  try {
    encoded = Buffer.concat([...imageBytes(json)]);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new Finding("decoded and cannot be encoded", error.message);
  }
  const again = await decoded(encoded, pretty).catch((error: Error) => {
    throw new Finding("encoded and cannot be decoded", error.message);
  });
  if (again !== json) {
    const at = [...json].findIndex((character, index) => character !== again[index]);
    throw new Finding(
      "decode, encode, decode differ",
      `${json.slice(at - 60, at + 60)} | ${again.slice(at - 60, at + 60)}`,
    );
  }
  return ["round trip"];
}
