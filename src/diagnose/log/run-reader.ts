import { wordlessError } from "../circumstances.ts";
import { configurationFiles } from "../diagnose.ts";
import type { KnownError } from "../known-error.ts";
import { knownErrorOf } from "../known-errors.ts";
import { type Around, ContextKeeper } from "./context.ts";
import { ErrorLog, type Met } from "./errors.ts";
import type { Finding, LogOutcome, Phase, RunExplanation } from "./explanation.ts";
import { FactsReader } from "./facts.ts";
import type { LogLine } from "./line.ts";
import { sourceOf } from "./source.ts";
import { Timeline } from "./timeline.ts";

export interface ReadOptions {
  /** Lines around the error, on each side. */
  context: number;
  /** Show secrets instead of masking them. */
  reveal: boolean;
}

/** Reads one run of CRIU's, line by line. */
export class RunReader {
  readonly #log: string;
  readonly #options: ReadOptions;
  readonly #firstLine: number;
  readonly #facts = new FactsReader();
  readonly #errors = new ErrorLog();
  readonly #timeline = new Timeline();
  readonly #context: ContextKeeper;
  #lines = 0;
  #criuLines = 0;
  #otherErrors = 0;
  #last: number | null = null;

  constructor(log: string, firstLine: number, options: ReadOptions) {
    this.#log = log;
    this.#firstLine = firstLine;
    this.#options = options;
    this.#context = new ContextKeeper(options.context, options.reveal);
  }

  /** Is a line the first of another run, whose clock began anew? */
  endsBefore({ at, pid, message }: LogLine): boolean {
    if (at === null || pid !== null || this.#last === null || at >= this.#last) return false;
    const { version } = this.#facts.facts.criu;
    return version !== null && /^(?:Unable to get \$HOME|CRIU run id|Version:)/.test(message);
  }

  /** Takes a line. `parts`: it, or what a runtime wrote as one line and was several. */
  see(number: number, text: string, parts: readonly LogLine[]): void {
    this.#lines += 1;
    for (const part of parts) this.#seePart(number, part);
    this.#context.see(number, text);
  }

  #seePart(number: number, line: LogLine): void {
    const { facts } = this.#facts;
    if (line.criu) {
      this.#criuLines += 1;
      if (line.pid === null && line.at !== null) this.#last = line.at;
      this.#facts.see(line);
      this.#timeline.see(line, facts.operation);
      if (line.level === "info") return;
    } else this.#facts.seeOther(line.message);
    const error = knownErrorOf(line.message);
    // Of warnings and of other people's lines we only keep what we know.
    if (error === undefined && line.level !== "error") return;
    if (!line.criu) this.#otherErrors += 1;
    const met = this.#errors.add(number, line, error, this.#options.reveal);
    if (met && error?.secondary !== true) this.#context.mark(number);
  }

  /** @param endsMidLine does the text end within its last line? */
  end(endsMidLine: boolean): RunExplanation {
    const { facts } = this.#facts;
    const succeeded = facts.outcome === "succeeded";
    const cause = this.#errors.cause(succeeded);
    const outcome = this.#outcome(cause);
    const timeline = this.#timeline.end();
    return {
      log: this.#log,
      ...facts,
      operation: this.#criuLines === 0 && this.#otherErrors > 0 ? "wrapper" : facts.operation,
      outcome,
      firstLine: this.#firstLine,
      lines: this.#lines,
      endsMidLine,
      finding: this.#find(cause, outcome, timeline),
      errors: this.#errors.lines(cause, succeeded),
      moreErrors: this.#errors.more,
      timeline,
      morePhases: this.#timeline.more,
      frozenSeconds: this.#timeline.frozenSeconds(),
    };
  }

  /** Is there anything in it that we can read? */
  get recognised(): boolean {
    return this.#criuLines > 0 || this.#otherErrors > 0;
  }

  #outcome(cause: Met | undefined): LogOutcome {
    const { outcome, criu } = this.#facts.facts;
    if (outcome !== "unknown") return outcome;
    if (cause !== undefined) return "failed";
    // An excerpt does not begin at the beginning, and so need not come to an end.
    return criu.version === null ? "unknown" : "cut";
  }

  #find(cause: Met | undefined, outcome: LogOutcome, timeline: readonly Phase[]): Finding | null {
    const { kernel, criu } = this.#facts.facts;
    const wordless = wordlessError({
      lastPhase: outcome === "cut" ? (timeline.at(-1)?.id ?? null) : null,
      kernel: kernel.release,
      criu: criu.version,
      unknown: cause !== undefined && cause.error === undefined,
    });
    if (cause !== undefined) {
      const around = this.#context.around(cause.line);
      return this.#finding(around, cause.message, cause.error ?? wordless);
    }
    if (wordless === undefined) return null;
    const line = this.#firstLine + this.#lines - 1;
    return this.#finding({ ...this.#context.end(), line }, "", wordless);
  }

  #finding(
    { line, before, after }: Around,
    message: string,
    error: KnownError | undefined,
  ): Finding {
    return {
      id: error?.id ?? null,
      speaker: error?.speaker ?? null,
      line,
      message,
      cause: error?.cause ?? null,
      remedy: error?.remedy ?? null,
      configuration: error === undefined ? null : this.#configuration(error),
      sources: (error?.sources ?? []).map(sourceOf),
      before,
      after,
    };
  }

  #configuration({ option }: KnownError): Finding["configuration"] {
    if (option === undefined) return null;
    return { line: option, files: configurationFiles(this.#facts.facts.runtime) };
  }
}
