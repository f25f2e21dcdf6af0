/**
 * Quoted-printable (RFC 2045 §6.7) as Python's `quopri` writes it: how crit shows the names of
 * unix sockets, which may begin with a NUL byte. Lines are at most 76 characters.
 */
const lineLength = 76;

export function encodeQuotedPrintable(bytes: Uint8Array): string {
  let text = "";
  let column = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 10) {
      text += "\n";
      column = 0;
      continue;
    }
    const last = at + 1 === bytes.length;
    const endOfLine = last || bytes[at + 1] === 10;
    const escaped = mustEscape(byte, endOfLine, column);
    const width = escaped ? 3 : 1;
    if (column + width >= lineLength && (escaped || !endOfLine)) {
      text += "=\n";
      column = 0;
    }
    text += escaped
      ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte);
    column += width;
  }
  return text;
}

function mustEscape(byte: number, endOfLine: boolean, column: number): boolean {
  if (byte === 9 || byte === 32) return endOfLine;
  if (byte === 46) return column === 0 && endOfLine;
  return byte < 33 || byte > 126 || byte === 61;
}

export function decodeQuotedPrintable(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 61) {
      bytes.push(code & 0xff);
      continue;
    }
    const pair = text.slice(at + 1, at + 3);
    if (text[at + 1] === "\n") at += 1;
    else if (/^[0-9A-Fa-f]{2}$/.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      at += 2;
    } else bytes.push(code);
  }
  return Uint8Array.from(bytes);
}
