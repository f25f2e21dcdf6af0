/** What kind of fault an error is. One kind, one exit code (see cli/exit-codes.ts). */
export type FaultKind =
  | "usage"
  | "archive"
  | "refused"
  | "remote"
  | "timeout"
  | "interrupted"
  | "bug";

/** Where in an archive (or on disk) something was found. Offsets and lengths are bytes. */
export interface Place {
  /** Path of the archive or file as the caller named it; `-` is standard input. */
  path?: string;
  /** Member of the archive, as its name stands in the tar header. */
  member?: string;
  /** Number of the entry in a CRIU image, counted from 0. */
  entry?: number;
  /** Byte offset in the member when there is one, else in the archive. */
  offset?: number;
  /** Where a request went, without anything secret. */
  url?: string;
  /** Name of the cluster's node. */
  node?: string;
}

/** The five answers every error gives: what, where, found, allowed, what next. */
export interface FaultDetail {
  /** Stable word for scripts, where one kind of fault has several reasons. */
  code?: string;
  /** One sentence without a final stop. */
  what: string;
  where?: Place;
  /** The value that was met, in words or figures. */
  found?: string;
  /** What would have been right. */
  allowed?: string;
  /** The next thing to do; a command where there is one. */
  next?: string;
  /** What else is good to know: a line each. */
  notes?: readonly string[];
  /** A document that mends it once it is applied: YAML of several lines. */
  manifest?: string;
  cause?: unknown;
}

function describe(detail: FaultDetail): string {
  const parts = [detail.what];
  if (detail.found !== undefined) parts.push(`found ${detail.found}`);
  if (detail.allowed !== undefined) parts.push(`allowed ${detail.allowed}`);
  return parts.join("; ");
}

const brand = Symbol.for("cryoscope.fault");

/** Base of every error that the project throws on purpose. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly detail: FaultDetail;
  readonly [brand] = true;

  constructor(kind: FaultKind, detail: FaultDetail) {
    super(describe(detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.detail = detail;
  }

  /** The same fault, with the parts of a place that it did not know filled in. */
  at(place: Place): this {
    Object.assign(this.detail, { where: { ...place, ...this.detail.where } });
    return this;
  }
}

// Some commands are scripts of their own in the build, with a class of their own of this name; what
// they throw is a fault all the same.
Object.defineProperty(Fault, Symbol.hasInstance, {
  value: function isInstance(this: unknown, value: unknown): boolean {
    if (this === Fault) return value instanceof Error && brand in value;
    return Function.prototype[Symbol.hasInstance].call(this, value);
  },
});

/** The command line was wrong: exit code 2. */
export class UsageError extends Fault {
  constructor(detail: FaultDetail) {
    super("usage", detail);
  }
}

/** The archive, or a part that was asked for, cannot be read: exit code 3. */
export class ArchiveError extends Fault {
  constructor(detail: FaultDetail) {
    super("archive", detail);
  }
}

/** Something is forbidden by a rule that exists to protect the caller: exit code 4. */
export class RefusedError extends Fault {
  constructor(detail: FaultDetail) {
    super("refused", detail);
  }
}

/** Another machine refused, failed or cannot be reached: exit code 5. */
export class RemoteError extends Fault {
  constructor(detail: FaultDetail) {
    super("remote", detail);
  }
}

/** Somebody's patience ended, ours or the other machine's: exit code 6. */
export class TimeoutError extends Fault {
  constructor(detail: FaultDetail) {
    super("timeout", detail);
  }
}

/** The user stopped the work: exit code 130. */
export class InterruptedError extends Fault {
  constructor(detail: FaultDetail) {
    super("interrupted", detail);
  }
}

/** A branch that cannot be reached if our own code is right: exit code 70. */
export class BugError extends Fault {
  constructor(detail: FaultDetail) {
    super("bug", detail);
  }
}
