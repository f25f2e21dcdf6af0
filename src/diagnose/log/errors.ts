import { maskText } from "../../base/mask.ts";
import type { KnownError } from "../known-error.ts";
import type { ErrorLine, LineRole } from "./explanation.ts";
import { type LogLine, moduleOf } from "./line.ts";
import { kept } from "./splitter.ts";

/** An error line before its role is known. */
export interface Met extends Omit<ErrorLine, "role" | "known"> {
  error: KnownError | undefined;
}

/** Lines of each sort that are kept. Noise must not hide what matters, nor the other way round. */
const most = 100;
/** Unknown errors before a known one that may have led to it, in lines that matter. */
const reach = 6;

/** Keeps the error lines of a run, and tells what each is to the whole. */
export class ErrorLog {
  readonly #primary: Met[] = [];
  readonly #secondary: Met[] = [];
  more = 0;

  /** @returns false where there is no more room, so that nobody keeps lines around it. */
  add(number: number, line: LogLine, error: KnownError | undefined, reveal: boolean): boolean {
    const list = error?.secondary === true ? this.#secondary : this.#primary;
    if (list.length >= most) {
      this.more += 1;
      return false;
    }
    const message = kept(line.message);
    list.push({
      line: number,
      seconds: line.at === null ? null : line.at / 1e6,
      pid: line.pid,
      level: !line.criu || line.level === "info" ? null : line.level,
      place: line.place === null ? null : kept(line.place),
      module: moduleOf(message),
      message: reveal ? message : maskText(message),
      error,
    });
    return true;
  }

  /**
   * The one to act on; in a run that went well, only what is lost all the same. Warnings stand in
   * logs of runs that went well too, so one is the cause only where nothing else was said.
   */
  cause(succeeded: boolean): Met | undefined {
    if (succeeded) return this.#primary.find(({ error }) => error?.lossy === true);
    const [first, ...rest] = this.#primary.filter(({ level }) => level !== "warning");
    if (first === undefined) return this.#primary[0] ?? this.#telling();
    if (first.error !== undefined) return first;
    const explained = rest
      .slice(0, reach)
      .find(({ error, pid }) => error !== undefined && pid === first.pid);
    return explained ?? first;
  }

  /** Where all that is said follows from something unsaid: the word of a runtime on where to look. */
  #telling(): Met | undefined {
    const told = this.#secondary.filter(({ error }) => error?.harmless !== true);
    return told.find(({ error }) => error?.speaker !== "criu") ?? told[0];
  }

  /** All lines in their order. */
  lines(cause: Met | undefined, succeeded: boolean): ErrorLine[] {
    return [...this.#primary, ...this.#secondary]
      .sort((a, b) => a.line - b.line)
      .map(({ error, ...line }) => ({
        ...line,
        role: succeeded && cause === undefined ? "harmless" : roleOf({ ...line, error }, cause),
        known: error?.id ?? null,
      }));
  }
}

function roleOf(met: Met, cause: Met | undefined): LineRole {
  const { error, line } = met;
  if (error?.harmless === true) return "harmless";
  if (cause === undefined) return "consequence";
  if (line === cause.line) return "cause";
  if (line < cause.line) return roleBefore(met, cause);
  if (error?.secondary === true) return "consequence";
  if (error !== undefined) return error.id === cause.error?.id ? "consequence" : "separate";
  // What nobody knows follows from the cause if the same process says it.
  return met.pid === null || met.pid === cause.pid ? "consequence" : "separate";
}

function roleBefore({ error, level }: Met, cause: Met): LineRole {
  if (error?.secondary === true) return "harmless";
  // A warning that we know may explain an error that we do not.
  const aside = level === "warning" && cause.error !== undefined && error?.id !== cause.error.id;
  return aside ? "separate" : "leading";
}
