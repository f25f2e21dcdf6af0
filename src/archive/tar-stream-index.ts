import type { extract as makeExtract } from "tar-stream";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatBytes, formatCount } from "../base/units.ts";
import { DueBlocks } from "./due-blocks.ts";
import type { TarMember } from "./member.ts";
import { MemberCollector } from "./member-collector.ts";
import { rechunk } from "./rechunk.ts";
import { RetainedStore, type RetainPolicy } from "./retained.ts";
import { blockBytes, padded } from "./tar-header.ts";
import type { TarIndex } from "./tar-index.ts";
import { describeEntry, type EntryStream } from "./tar-stream-entry.ts";

export interface StreamIndex extends TarIndex {
  store: RetainedStore;
}

export interface StreamIndexOptions {
  retain: RetainPolicy;
  /** Called with the number of tar bytes passed, now and then. */
  progress?: (bytes: number) => void;
  /** Members for which each chunk of data is handed out as it passes. */
  sink?: (member: TarMember) => ((chunk: Uint8Array) => void) | undefined;
}

/**
 * Indexes a tar that cannot seek (compressed, or a pipe) in one pass through tar-stream, keeping
 * in memory what `retain` asks for. Says the same of an archive as `indexTar`, as far as
 * tar-stream can see it.
 * @throws ArchiveError when the stream does not begin with a tar header, or is empty.
 */
export async function indexTarStream(
  input: AsyncIterable<Uint8Array>,
  options: StreamIndexOptions,
): Promise<StreamIndex> {
  return new StreamIndexer(options).run(input);
}

/** Bytes without a member after which a chain of extended headers is called endless. */
const chainBytes = limits.extendedHeaderChain * (limits.extendedHeaderBytes + 2 * blockBytes);
/** Zeros behind the end marker that are passed over before we stop looking. */
const trailerBytes = 16 * 1024 * 1024;

class StreamIndexer {
  readonly #collector = new MemberCollector();
  readonly #store = new RetainedStore();
  readonly #options: StreamIndexOptions;
  /** What stands where the header after the last member is due. */
  readonly #due = new DueBlocks();
  #bytes = 0;
  #current: TarMember | undefined;
  #received = 0;
  #stopped = false;

  constructor(options: StreamIndexOptions) {
    this.#options = options;
  }

  async run(input: AsyncIterable<Uint8Array>): Promise<StreamIndex> {
    // Only archives that cannot seek pay for the package.
    const { default: tarStream } = await import("tar-stream");
    const parser = tarStream.extract(anyFormat);
    let failure: unknown;
    let parserFailure: unknown;
    parser.on("error", (error) => {
      parserFailure = error;
    });
    const closed = new Promise<void>((resolve) => parser.on("close", resolve));
    const feeding = this.#feed(input, parser).catch((error) => {
      failure = error;
      // Ended, not destroyed: members that arrived before the damage are still on their way.
      parser.end(null);
    });
    try {
      for await (const entry of parser as unknown as AsyncIterable<EntryStream>) {
        if (!(await this.#entry(entry))) break;
      }
    } catch (error) {
      // A member's stream says no more than that it was destroyed; the parser knows why.
      await closed;
      failure ??= parserFailure ?? error;
    }
    this.#stopped = true;
    await feeding;
    this.#judgeEnd(failure);
    return { ...this.#collector.finish(), store: this.#store };
  }

  async #feed(
    input: AsyncIterable<Uint8Array>,
    parser: ReturnType<typeof makeExtract>,
  ): Promise<void> {
    for await (const chunk of rechunk(input)) {
      if (this.#stopped || parser.destroyed) return;
      this.#due.push(chunk, this.#bytes);
      this.#bytes += chunk.length;
      this.#options.progress?.(this.#bytes);
      if (this.#nothingMore()) break;
      if (!parser.write(chunk)) await drained(parser);
    }
    parser.end(null);
  }

  /** False when what remains is not worth reading. Throws when headers go on without a member. */
  #nothingMore(): boolean {
    const beyond = this.#bytes - this.#due.offset;
    if (this.#due.zeroBlocks() === 2) return beyond > trailerBytes;
    if (beyond < chainBytes) return false;
    throw new ArchiveError({
      what: "extended headers follow one another without a member",
      where: { offset: this.#due.offset },
      found: `${formatBytes(beyond)} of them`,
      allowed: formatBytes(chainBytes),
    });
  }

  async #entry(entry: EntryStream): Promise<boolean> {
    const zeros = this.#due.zeroBlocks();
    if (zeros === 2) {
      this.#collector.hiddenEntry(entry.offset, entry.header.name);
      return false;
    }
    if (zeros === 1) this.#collector.loneZeroBlock(this.#due.offset);
    const member = describeEntry(entry);
    this.#current = member;
    this.#received = 0;
    this.#due.move(member.dataOffset + padded(member.storedSize));
    this.#collector.add(member);
    this.#store.members.push(member);
    const plan = await this.#options.retain(member, this.#store);
    const keep = this.#store.collector(member, plan);
    const sink = this.#options.sink?.(member);
    for await (const chunk of entry) {
      this.#received += chunk.length;
      keep.push(chunk);
      sink?.(chunk);
    }
    this.#current = undefined;
    return true;
  }

  #judgeEnd(failure: unknown): void {
    const zeros = this.#due.zeroBlocks();
    const some = this.#collector.members.length > 0;
    if (failure === undefined) {
      // An end marker alone is an archive without members, as of a container that changed no file.
      if (!some && zeros === 0) throw this.#nothing();
      if (zeros === 1) this.#collector.shortEndMarker(this.#due.offset);
      if (zeros === 0) this.#collector.missingEnd(this.#due.offset);
      return;
    }
    // Our own faults are no findings about the archive.
    if (!(failure instanceof ArchiveError) && !isTarStreamError(failure)) throw failure;
    if (some && zeros === 2 && !(failure instanceof ArchiveError)) {
      const cutShort = failure.message === cutMessage;
      if (!cutShort) this.#collector.hiddenEntry(this.#due.offset + 2 * blockBytes, undefined);
      return;
    }
    this.#damage(failure);
  }

  #damage(error: Error): void {
    const fault = this.#asFault(error);
    if (this.#collector.members.length === 0) throw fault;
    const member = this.#current;
    if (member !== undefined && this.#received < member.storedSize) {
      member.available = this.#received;
      fault.at({ member: member.name });
    }
    this.#collector.damage("damaged-stream", fault);
  }

  #asFault(error: Error): ArchiveError {
    if (error instanceof ArchiveError) return error;
    const { message } = error;
    const member = this.#current;
    if (message === cutMessage) {
      return new ArchiveError({
        what:
          member === undefined
            ? "the archive is truncated"
            : `the archive is truncated in member ${member.name}`,
        where: { offset: this.#bytes },
        found:
          member === undefined
            ? `end of data at ${formatCount(this.#bytes)}`
            : `${formatCount(this.#received)} bytes`,
        allowed:
          member === undefined
            ? "whole headers and bodies"
            : `${formatCount(member.storedSize)} bytes`,
        next: "copy the archive again and compare sizes, or make the checkpoint again: the disk may have been full",
      });
    }
    if (this.#collector.members.length === 0) return this.#nothing(error);
    return new ArchiveError({
      what: "a tar header cannot be read",
      where: { offset: this.#due.offset },
      found: message,
      allowed: "a ustar, PAX or GNU header",
      next: "compare the file with its original (sha256sum); a sparse member in GNU's old form can only be read from an uncompressed tar",
      cause: error,
    });
  }

  #nothing(cause?: unknown): ArchiveError {
    return new ArchiveError({
      what: this.#bytes === 0 ? "the archive is empty" : "this is no tar archive",
      where: { offset: 0 },
      found: this.#bytes === 0 ? "0 bytes" : "no tar header at the start of the decompressed data",
      allowed: "a tar archive, plain or compressed with gzip or zstd",
      next: "check with `file` what it is",
      cause,
    });
  }
}

function drained(parser: ReturnType<typeof makeExtract>): Promise<void> {
  return new Promise((resolve) => {
    if (parser.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      parser.off("drain", done);
      parser.off("close", done);
      resolve();
    };
    parser.on("drain", done);
    parser.on("close", done);
  });
}

// Archives older than ustar have no magic; the published types do not know the option.
const anyFormat = { allowUnknownFormat: true } as unknown as Parameters<typeof makeExtract>[0];

const cutMessage = "Unexpected end of data";

function isTarStreamError(error: unknown): error is Error {
  return (
    error instanceof Error && /^(Invalid |Header exceeds |Unexpected end )/.test(error.message)
  );
}
