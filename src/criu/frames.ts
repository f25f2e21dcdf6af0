import type { ByteSource } from "../base/byte-source.ts";
import { u32le } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatCount } from "../base/units.ts";
import { ByteWindow } from "./byte-window.ts";
import { decodeMessage } from "./decode.ts";
import { asLength, isSizedPayload, messageLength, payloadLength } from "./payload.ts";
import type { ImageType, MessageName } from "./schema/schema.ts";

/** One protobuf entry of an image, not yet decoded. Offsets count from the start of the image. */
export interface ImageFrame {
  /** Number of the frame, counted from 0, head included. */
  index: number;
  /** Offset of the length word before the entry. */
  offset: number;
  message: MessageName;
  /** A view that stays valid. */
  bytes: Uint8Array;
  /** First entry with a message of its own, such as a page table's. */
  head: boolean;
  /** Part of the entry before it: a chunk of a ghost file, a message of a SysV queue. */
  part: boolean;
  /** Raw bytes that follow the entry. */
  payload?: { offset: number; length: number };
}

/** Where a frame begins: enough to go on reading from there. */
export type FramePlace = Pick<ImageFrame, "index" | "offset">;

/**
 * Reads the frames of an image: length-prefixed entries, some with raw bytes behind them.
 * @param start the frame to begin with: its number, and where its length word stands
 */
export async function* readFrames(
  source: ByteSource,
  type: ImageType,
  start: FramePlace,
): AsyncGenerator<ImageFrame[]> {
  const window = new ByteWindow(source);
  window.skip(start.offset);
  const reader = new FrameReader(window, type, source.size, start.index);
  while (window.left > 0) {
    const batch: ImageFrame[] = [];
    try {
      await reader.batch(batch);
    } catch (error) {
      // What was read before the damage is still handed out.
      if (batch.length > 0) yield batch;
      throw error;
    }
    yield batch;
  }
}

const batchFrames = 4096;

/**
 * Entries without a byte that an image may hold. Real ones hold hardly any; a hole in a sparse
 * file would be nothing but such entries, as many as its size pretends.
 */
const mostEmptyEntries = 65_536;

class FrameReader {
  readonly #window: ByteWindow;
  readonly #type: ImageType;
  readonly #size: number;
  #index: number;
  #empty = 0;

  constructor(window: ByteWindow, type: ImageType, size: number, index: number) {
    this.#window = window;
    this.#type = type;
    this.#size = size;
    this.#index = index;
  }

  async batch(batch: ImageFrame[]): Promise<void> {
    while (batch.length < batchFrames && this.#window.left > 0) {
      const isHead = this.#index === 0 && this.#type.head !== undefined;
      const message = isHead ? (this.#type.head as MessageName) : this.#type.message;
      const frame = this.#quick(message, isHead) ?? (await this.#frame(message, isHead));
      batch.push(frame);
      if (frame.bytes.length === 0) this.#countEmpty(frame);
      if (this.#type.extra !== undefined) await this.#extra(frame, batch);
    }
  }

  #countEmpty({ index, offset }: ImageFrame): void {
    this.#empty += 1;
    if (this.#empty <= mostEmptyEntries) return;
    throw new ArchiveError({
      what: "an image has more empty entries than any real one",
      where: { entry: index, offset },
      found: `more than ${formatCount(mostEmptyEntries)}`,
      allowed: formatCount(mostEmptyEntries),
    });
  }

  /** The next frame where it lies in the window whole: the common case, without an await. */
  #quick(message: MessageName, head: boolean): ImageFrame | undefined {
    const word = this.#window.peekSync(4);
    if (word === undefined) return undefined;
    const size = u32le(word, 0);
    if (size > limits.imageEntryBytes) return undefined;
    const whole = this.#window.peekSync(4 + size);
    if (whole === undefined) return undefined;
    const offset = this.#window.offset;
    this.#window.skip(4 + size);
    return { index: this.#index++, offset, message, bytes: whole.subarray(4), head, part: false };
  }

  async #frame(message: MessageName, head: boolean, part = false): Promise<ImageFrame> {
    const offset = this.#window.offset;
    const index = this.#index++;
    try {
      const size = u32le(await this.#window.take(4, "the length of an entry"), 0);
      if (size > limits.imageEntryBytes || size > this.#window.left) {
        throw new ArchiveError({
          what: "an entry announces more bytes than there are",
          found: `${formatCount(size)} bytes`,
          allowed: `${formatCount(Math.min(limits.imageEntryBytes, this.#window.left))} bytes`,
        });
      }
      const bytes = await this.#window.take(size, "an entry");
      return { index, offset, message, bytes, head, part };
    } catch (error) {
      throw error instanceof ArchiveError ? error.at({ entry: index, offset }) : error;
    }
  }

  async #extra(frame: ImageFrame, batch: ImageFrame[]): Promise<void> {
    const kind = this.#type.extra as string;
    try {
      if (kind === "ghost_file") this.#ghost(frame);
      else if (kind === "ipc_msg_queue") await this.#queue(frame, batch);
      else if (isSizedPayload(kind)) {
        this.#payload(frame, payloadLength(kind, decodeMessage(frame.message, frame.bytes)));
      }
    } catch (error) {
      const place = { entry: frame.index, offset: frame.offset };
      throw error instanceof ArchiveError ? error.at(place) : error;
    }
  }

  #ghost(frame: ImageFrame): void {
    if (!frame.head) {
      const chunk = decodeMessage("ghost_chunk_entry", frame.bytes);
      frame.part = true;
      this.#payload(frame, asLength(chunk.len));
      return;
    }
    const head = decodeMessage("ghost_file_entry", frame.bytes);
    if (head.chunks === true) return;
    // Without chunks the content follows, to the end.
    this.#payload(frame, this.#window.left);
  }

  async #queue(frame: ImageFrame, batch: ImageFrame[]): Promise<void> {
    const { qnum } = decodeMessage("ipc_msg_entry", frame.bytes);
    for (let count = 0; count < qnum; count++) {
      const message = await this.#frame("ipc_msg", false, true);
      batch.push(message);
      this.#payload(message, messageLength(decodeMessage("ipc_msg", message.bytes)));
    }
  }

  #payload(frame: ImageFrame, length: number): void {
    const offset = this.#window.offset;
    if (length > this.#size - offset) {
      throw new ArchiveError({
        what: "the bytes behind an entry are cut short",
        found: `${formatCount(this.#size - offset)} bytes left`,
        allowed: `${formatCount(length)} bytes`,
      });
    }
    frame.payload = { offset, length };
    this.#window.skip(length);
  }
}
