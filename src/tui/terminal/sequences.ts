// Control sequences, as ECMA-48 and xterm name them.

/** Alternate screen, no cursor, pasted text in brackets, and a question for the background. */
export const enter = "\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[2J\u001b[H";
export const askBackground = "\u001b]11;?\u001b\\";

/** Everything that `enter` changed, undone; harmless twice. */
export const leave =
  "\u001b[?2026l\u001b[?1006l\u001b[?1000l\u001b[?2004l\u001b[0m\u001b[?25h\u001b[?1049l";

export const mouseOn = "\u001b[?1000h\u001b[?1006h";

/** Synchronised output: terminals that know it show the frame at once, others ignore it. */
export const beginFrame = "\u001b[?2026h";
export const endFrame = "\u001b[?2026l";

export const clearScreen = "\u001b[2J";

/** To the beginning of a row, counted from 0. */
export const toRow = (row: number): string => `\u001b[${row + 1};1H`;

export const clearToEnd = "\u001b[0m\u001b[K";

/** OSC 52: asks the terminal to put text on the clipboard. */
export function copySequence(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  // Inside screen the sequence must be wrapped to reach the terminal around it; tmux takes it as is.
  return (env["TERM"] ?? "").startsWith("screen") && env["TMUX"] === undefined
    ? `\u001bP${sequence}\u001b\\`
    : sequence;
}

/** Terminals cut longer clipboards off, so more is not sent. Bytes before base64. */
export const longestCopy = 74_994;
