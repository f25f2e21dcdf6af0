const lineBytes = 16;

/**
 * Bytes as `hexdump -C` shows them: address, two groups of eight, printable text. Runs of equal
 * lines are folded into one `*`.
 * @param address of the first byte.
 */
export function* hexdump(bytes: Uint8Array, address: bigint): Generator<string> {
  let last: string | undefined;
  let folded = false;
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const line = bytes.subarray(at, at + lineBytes);
    const shown = `${hexColumns(line)}  ${textColumn(line)}`;
    if (shown === last && at + lineBytes < bytes.length) {
      if (!folded) yield "*\n";
      folded = true;
      continue;
    }
    folded = false;
    last = shown;
    yield `${hexAddress(address + BigInt(at))}  ${shown}\n`;
  }
}

function hexAddress(address: bigint): string {
  return address.toString(16).padStart(16, "0");
}

function hexColumns(line: Uint8Array): string {
  let text = "";
  for (let at = 0; at < lineBytes; at++) {
    const byte = line[at];
    text += at === 8 ? "  " : at === 0 ? "" : " ";
    text += byte === undefined ? "  " : byte.toString(16).padStart(2, "0");
  }
  return text;
}

function textColumn(line: Uint8Array): string {
  let text = "";
  for (const byte of line) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  return text;
}
