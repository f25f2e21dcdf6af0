import type { ByteSource } from "../../base/byte-source.ts";
import type { Finding, RunExplanation } from "../../diagnose/log/explanation.ts";
import { LogReader } from "../../diagnose/log/read-log.ts";
import { causeWords, outcomeWords, remedyWords } from "../../report/explanation-words.ts";
import type { LogRow } from "../state/member-rows.ts";

/** A log that is longer is shown without an explanation: `cryoscope explain` reads all of it. */
const mostBytes = 256 * 1024 * 1024;

/** What a log of CRIU's tells. */
export interface Explained {
  /** How it went, in a few words. */
  words: string;
  runs: readonly RunExplanation[];
  /** Lines of the whole log, of which only the last may be shown. */
  lines: number;
}

/** Explains a log as it is in the archive. */
export async function explainLog(
  name: string,
  source: ByteSource,
  reveal: boolean,
  signal: AbortSignal,
): Promise<Explained | undefined> {
  if (source.size > mostBytes) return undefined;
  const reader = new LogReader(name, { context: 0, reveal });
  for await (const chunk of source.stream()) {
    signal.throwIfAborted();
    reader.push(chunk);
  }
  const { runs, lines, recognised } = reader.end();
  const last = runs.at(-1);
  if (!recognised || last === undefined) return undefined;
  return { words: outcomeWords(last), runs, lines };
}

/** Rows of a log with what each is to the whole, and above the error what we know of it. */
export function advised(rows: readonly LogRow[], { runs, lines }: Explained): LogRow[] {
  const roles = new Map(runs.flatMap(({ errors }) => errors.map(({ line, role }) => [line, role])));
  const findings = new Map(
    runs.flatMap(({ finding }) => (finding === null ? [] : [[finding.line, finding] as const])),
  );
  return rows.flatMap((row, at) => {
    const number = lines - rows.length + at + 1;
    const finding = findings.get(number);
    const role = roles.get(number) ?? null;
    // CRIU's parasite writes errors without a stamp.
    const mark = role === null || row.mark !== null ? row.mark : "error";
    const shown = { ...row, role, mark };
    return finding === undefined ? [shown] : [...adviceOn(row, finding), shown];
  });
}

function adviceOn({ id, log }: LogRow, finding: Finding): LogRow[] {
  const links = finding.sources.flatMap(({ url }) => (url === null ? [] : [url]));
  const said: [NonNullable<LogRow["advice"]>, string][] = [
    ["cause", causeWords(finding)],
    ["remedy", remedyWords(finding)],
    ...links.map((url): ["see", string] => ["see", url]),
  ];
  const none = { heading: false, time: "", stream: "", mark: null, role: null };
  return said.map(([advice, text], at) => ({ ...none, id: `${id} ${at}`, log, advice, text }));
}
