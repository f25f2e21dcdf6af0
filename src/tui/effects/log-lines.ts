import { maskText } from "../../base/mask.ts";
import type { LogMark, LogRow } from "../state/member-rows.ts";

/** Characters of a line that are kept. */
const longestLine = 16 * 1024;

// CRI: time, stream, F for a whole line or P for a part of one, text.
const criLine =
  /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) [FP](?::\S*)? ?(.*)$/s;
const criuLine = /^\((\d+\.\d+)\)\s*(.*)$/s;
const criuError = /^(?:\s*\d+: )?(?:Error|Err)\b/;
const criuWarning = /^(?:\s*\d+: )?Warn\b/;

/** A line of a log taken apart: as the CRI writes it, as CRIU does, or as it is. */
export function readLine(
  line: string,
  reveal: boolean,
): Omit<LogRow, "id" | "log" | "role" | "advice"> {
  const whole = line.endsWith("\r") ? line.slice(0, -1) : line;
  const more = whole.length - longestLine;
  const cut = more > 0 ? `${whole.slice(0, longestLine)} … and ${more} characters more` : whole;
  const shown = reveal ? cut : maskText(cut);
  const cri = criLine.exec(shown);
  if (cri !== null) {
    const [, time = "", stream = "", text = ""] = cri;
    return { heading: false, time, stream, text, mark: stream === "stderr" ? "stderr" : null };
  }
  const [, time = "", text = shown] = criuLine.exec(shown) ?? [];
  return { heading: false, time, stream: "", text, mark: time === "" ? null : markOf(text) };
}

function markOf(text: string): LogMark {
  if (criuError.test(text)) return "error";
  return criuWarning.test(text) ? "warning" : null;
}
