import { escapedText, strictText } from "../../base/bytes.ts";
import { maskText } from "../../base/mask.ts";
import { openMember } from "./byte-space.ts";
import type { Handler } from "./handler.ts";

/** Bytes of a member that are shown as text: what is longer says so. */
const previewBytes = 1024 * 1024;

/** The beginning of a member as text. */
export const answerPreview: Handler<"preview"> = async (
  { path, member, reveal, asText },
  { checkpoints },
) => {
  const source = await openMember(await checkpoints.get(path), member);
  const bytes = await source.read(0, previewBytes);
  const text =
    textOf(bytes, bytes.length < source.size) ?? (asText ? escapedText(bytes) : undefined);
  return {
    text: text === undefined ? null : reveal ? text : maskText(text),
    sizeBytes: source.size,
    readBytes: bytes.length,
  };
};

/** Controls that texts have: tab, line feed, form feed, carriage return, escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what tells bytes from text
const binary = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;

/** UTF-8 text, or undefined where the bytes are none. A character that was cut is left out. */
function textOf(bytes: Uint8Array, cut: boolean): string | undefined {
  for (let less = 0; less < (cut ? 4 : 1); less++) {
    const text = strict(bytes.subarray(0, bytes.length - less));
    if (text !== undefined) return text;
  }
  return undefined;
}

function strict(bytes: Uint8Array): string | undefined {
  const text = strictText(bytes);
  return text === undefined || binary.test(text) ? undefined : text;
}
