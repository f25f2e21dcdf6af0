import type { RunExplanation } from "./explanation.ts";
import { type LogLine, readLogLine } from "./line.ts";
import { type ReadOptions, RunReader } from "./run-reader.ts";
import { LineSplitter } from "./splitter.ts";

/** Runs in one text that are told apart. */
const mostRuns = 64;

export type { ReadOptions } from "./run-reader.ts";

/** What a text holds. */
export interface LogRead {
  runs: RunExplanation[];
  /** Is any line CRIU's, or a known word of a runtime's? */
  recognised: boolean;
  lines: number;
  bytes: number;
  /** Lines that were longer than is read. */
  cutLines: number;
}

/** Reads a log as it comes, in constant memory, and explains it at its end. */
export class LogReader {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #splitter = new LineSplitter((line) => this.#see(line));
  readonly #runs: RunExplanation[] = [];
  #run: RunReader;
  #recognised = false;

  /** @param name of the log, for the explanation. */
  constructor(name: string, options: ReadOptions) {
    this.#name = name;
    this.#options = options;
    this.#run = new RunReader(name, 1, options);
  }

  push(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  end(): LogRead {
    this.#splitter.end();
    const { lines, bytes, cut, ended } = this.#splitter;
    this.#close(!ended);
    return { runs: this.#runs, recognised: this.#recognised, lines, bytes, cutLines: cut };
  }

  #see(text: string): void {
    const number = this.#splitter.lines;
    const parts = partsOf(text);
    const first = parts[0] as LogLine;
    if (this.#run.endsBefore(first) && this.#runs.length < mostRuns - 1) {
      this.#close(false);
      this.#run = new RunReader(this.#name, number, this.#options);
    }
    this.#run.see(number, text, parts);
  }

  #close(endsMidLine: boolean): void {
    this.#recognised ||= this.#run.recognised;
    this.#runs.push(this.#run.end(endsMidLine));
  }
}

/** Events and journals write an excerpt of several lines as one, with `\n` between them. */
function partsOf(text: string): LogLine[] {
  const ours = text.startsWith("(") || !text.includes("\\n");
  return ours ? [readLogLine(text)] : text.split(/\\{1,4}n/).map(readLogLine);
}

/** Reads a log from wherever it comes. */
export async function readLog(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<LogRead> {
  const reader = new LogReader(name, options);
  for await (const chunk of chunks) reader.push(chunk);
  return reader.end();
}
