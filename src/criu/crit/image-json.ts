import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { formatCount } from "../../base/units.ts";
import { decodeMessage, unknownFields } from "../decode.ts";
import type { ImageFrame } from "../frames.ts";
import { type CriuImage, openImage } from "../image.ts";
import type { Messages } from "../schema/types.ts";
import {
  type CritValue,
  lineBreak,
  separator,
  type TextStyle,
  writeString,
  writeValue,
} from "./json-text.ts";
import { base64LineBytes, base64Lines, messageValue } from "./to-value.ts";

/** What was met while an image was decoded. */
export interface DecodeReport {
  entries: number;
  /** Fields that the schema of CRIU 4.2.1 does not know, at any depth. */
  unknownFields: number;
}

/**
 * An image as crit 4.2.1 prints it, in pieces, so that an image of any size costs constant
 * memory. Ends without a line break, as `crit decode -o FILE` does.
 * @throws ArchiveError while iterating, after all that was readable, for a broken image.
 */
export async function* imageJson(
  source: ByteSource,
  pretty: boolean,
  report: DecodeReport = { entries: 0, unknownFields: 0 },
): AsyncGenerator<string> {
  const image = await openImage(source);
  yield* new ImageWriter(image, source, { pretty }, report).write();
}

/**
 * One entry as it stands in that JSON, not indented.
 * @param parts messages of a SysV queue, which belong to the entry before them
 */
export async function* entryJson(
  image: CriuImage,
  source: ByteSource,
  frame: ImageFrame,
  parts: readonly ImageFrame[],
): AsyncGenerator<string> {
  const report = { entries: 0, unknownFields: 0 };
  const writer = new ImageWriter(image, source, { pretty: true }, report);
  // Line breaks inside of texts are escaped, so those that are found are the layout's.
  for await (const piece of writer.entry(frame, parts)) yield piece.replaceAll("\n        ", "\n");
}

class ImageWriter {
  readonly #image: CriuImage;
  readonly #source: ByteSource;
  readonly #style: TextStyle;
  readonly #report: DecodeReport;

  constructor(image: CriuImage, source: ByteSource, style: TextStyle, report: DecodeReport) {
    this.#image = image;
    this.#source = source;
    this.#style = style;
    this.#report = report;
  }

  async *write(): AsyncGenerator<string> {
    const style = this.#style;
    const magic = `"magic": ${writeString(this.#image.type.name)}`;
    yield `{${lineBreak(style, 1)}${magic}${separator(style, 1)}"entries": [`;
    let first = true;
    for await (const batch of this.#image.frames()) {
      // Parts of SysV queues belong to the entry before them, so they are written with it.
      for (let at = 0; at < batch.length; at++) {
        const frame = batch[at] as ImageFrame;
        const parts = this.#partsAfter(batch, at);
        yield first ? lineBreak(style, 2) : separator(style, 2);
        first = false;
        this.#report.entries += 1;
        yield* this.entry(frame, parts);
        at += parts.length;
      }
    }
    yield first ? `]${lineBreak(style, 0)}}` : `${lineBreak(style, 1)}]${lineBreak(style, 0)}}`;
  }

  #partsAfter(batch: readonly ImageFrame[], at: number): readonly ImageFrame[] {
    if (this.#image.type.extra !== "ipc_msg_queue") return [];
    let end = at + 1;
    while (batch[end]?.part === true) end += 1;
    return batch.slice(at + 1, end);
  }

  async *entry(frame: ImageFrame, parts: readonly ImageFrame[]): AsyncGenerator<string> {
    const message = this.#decode(frame);
    this.#report.unknownFields += countUnknown(message);
    const value = messageValue(frame.message, message, this.#style.pretty);
    const kind =
      frame.head && this.#image.type.extra !== "ghost_file" ? undefined : this.#image.type.extra;
    const withoutExtra =
      kind === undefined || (kind === "ghost_file" && frame.payload === undefined);
    if (withoutExtra) {
      yield writeValue(value, this.#style, 2);
      return;
    }
    // The extra bytes may be many: they are written behind the fields, piece by piece.
    const fields = writeValue(value, this.#style, 2);
    const open =
      Object.keys(value).length === 0
        ? `{${lineBreak(this.#style, 3)}`
        : fields.slice(0, this.#fieldsEnd(fields));
    yield `${open}${Object.keys(value).length === 0 ? "" : separator(this.#style, 3)}"extra": `;
    yield* this.#extra(kind, message, frame, parts);
    yield `${lineBreak(this.#style, 2)}}`;
  }

  /** Where the closing brace of an object's text and the line break before it begin. */
  #fieldsEnd(text: string): number {
    return text.length - 1 - lineBreak(this.#style, 2).length;
  }

  async *#extra(
    kind: string,
    message: object,
    frame: ImageFrame,
    parts: readonly ImageFrame[],
  ): AsyncGenerator<string> {
    // An entry whose bytes are cut short comes without them, before the error that says so.
    const payload = frame.payload ?? { offset: 0, length: 0 };
    switch (kind) {
      case "tcp_stream": {
        const { inq_len } = message as Messages["tcp_stream_entry"];
        const inq = Math.min(inq_len, payload.length);
        const value = {
          inq: base64Lines(await this.#bytes(payload.offset, inq)),
          outq: base64Lines(await this.#bytes(payload.offset + inq, payload.length - inq)),
        };
        yield writeValue(value, this.#style, 3);
        return;
      }
      case "ipc_sem_set": {
        const { nsems } = message as Messages["ipc_sem_entry"];
        const length = Math.min(nsems * 2, payload.length);
        yield writeValue(u16List(await this.#bytes(payload.offset, length)), this.#style, 3);
        return;
      }
      case "ipc_msg_queue":
        yield writeValue(await this.#messages(parts), this.#style, 3);
        return;
      case "ipc_shm": {
        const { size } = message as Messages["ipc_shm_entry"];
        yield* this.#base64(payload.offset, Math.min(payload.length, Number(size)));
        return;
      }
      default:
        yield* this.#base64(payload.offset, payload.length);
    }
  }

  async #messages(parts: readonly ImageFrame[]): Promise<CritValue[]> {
    const values: CritValue[] = [];
    for (const part of parts) {
      const message = decodeMessage("ipc_msg", part.bytes);
      values.push(messageValue("ipc_msg", message, false));
      const { offset, length } = part.payload ?? { offset: 0, length: 0 };
      const bytes = await this.#bytes(offset, Math.min(message.msize, length));
      values.push(base64Lines(bytes));
    }
    return values;
  }

  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    if (length > limits.imageEntryBytes) {
      throw new ArchiveError({
        what: "a queue is larger than we read at once",
        where: { offset },
        found: `${formatCount(length)} bytes`,
        allowed: `${formatCount(limits.imageEntryBytes)} bytes`,
      });
    }
    return this.#source.read(offset, length);
  }

  /** A JSON text of base64, written in whole lines of it. */
  async *#base64(offset: number, length: number): AsyncGenerator<string> {
    const step = base64LineBytes * 4096;
    yield '"';
    for (let at = 0; at < length; at += step) {
      const bytes = await this.#source.read(offset + at, Math.min(step, length - at));
      yield base64Lines(bytes).replaceAll("\n", "\\n");
    }
    yield '"';
  }

  #decode(frame: ImageFrame): object & { [unknownFields]?: Uint8Array[] } {
    try {
      return decodeMessage(frame.message, frame.bytes);
    } catch (error) {
      const place = { entry: frame.index, offset: frame.offset };
      throw error instanceof ArchiveError ? error.at(place) : error;
    }
  }
}

/** Fields kept raw, in a message and in those inside it. */
function countUnknown(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 0;
  const own = (value as { [unknownFields]?: readonly unknown[] })[unknownFields]?.length ?? 0;
  return Object.values(value).reduce((sum: number, entry) => sum + countUnknown(entry), own);
}

function u16List(bytes: Uint8Array): number[] {
  const list: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    list.push((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
  }
  return list;
}
