import { randomBytes } from "node:crypto";

/** Part of a message, as it came: a frame may arrive in many pieces, a message in many frames. */
export interface DataPiece {
  kind: "data";
  /** The message's kind: 1 text, 2 binary. */
  opcode: 1 | 2;
  /** Is it the first of its message? */
  first: boolean;
  bytes: Buffer;
}

export interface ControlFrame {
  kind: "close" | "ping" | "pong";
  /** At most 125. */
  bytes: Buffer;
}

/** The other side does not speak as RFC 6455 says. */
export class FrameError extends Error {}

/** Servers of Kubernetes send 32 KiB at once; what is longer is no frame but noise. */
const largestFrame = 16 * 1024 * 1024;
const longestControl = 125;

const controls = { 8: "close", 9: "ping", 10: "pong" } as const;

interface Header {
  /** Bytes of the header itself. */
  size: number;
  fin: boolean;
  opcode: number;
  length: number;
}

/** Takes frames of a server apart (RFC 6455 §5). Holds no more than a header and a control frame. */
export class FrameReader {
  #head: Buffer = Buffer.alloc(0);
  #frame: Header | undefined;
  #rest = 0;
  #control: Buffer[] = [];
  /** Kind of the message that is not whole yet. */
  #message: 1 | 2 | undefined;
  #begun = false;

  /** @throws {FrameError} */
  *read(chunk: Buffer): Generator<DataPiece | ControlFrame> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#frame === undefined) {
        rest = this.#takeHeader(rest);
        if (this.#frame === undefined) return;
      }
      const bytes = rest.subarray(0, this.#rest);
      rest = rest.subarray(bytes.length);
      this.#rest -= bytes.length;
      const piece = this.#piece(bytes);
      if (piece !== undefined) yield piece;
    }
  }

  #takeHeader(chunk: Buffer): Buffer {
    const known = this.#head.length;
    // Headers of servers have 10 bytes at most.
    const bytes = known === 0 ? chunk : Buffer.concat([this.#head, chunk.subarray(0, 10)]);
    const header = readHeader(bytes);
    if (header === undefined) {
      this.#head = Buffer.from(bytes);
      return chunk.subarray(chunk.length);
    }
    this.#head = Buffer.alloc(0);
    this.#begin(header);
    return chunk.subarray(header.size - known);
  }

  #begin(header: Header): void {
    const { opcode, fin, length } = header;
    this.#frame = header;
    this.#rest = length;
    if (opcode >= 8) {
      if (!fin || length > longestControl) throw new FrameError("a control frame in parts");
      return;
    }
    if (opcode === 0) {
      if (this.#message === undefined) throw new FrameError("a continuation of nothing");
      return;
    }
    if (this.#message !== undefined) throw new FrameError("a message within a message");
    this.#message = opcode as 1 | 2;
    this.#begun = false;
  }

  #piece(bytes: Buffer): DataPiece | ControlFrame | undefined {
    const { opcode, fin } = this.#frame as Header;
    const ended = this.#rest === 0;
    if (ended) this.#frame = undefined;
    if (opcode >= 8) {
      this.#control.push(bytes);
      if (!ended) return undefined;
      const whole = Buffer.concat(this.#control);
      this.#control = [];
      return { kind: controls[opcode as keyof typeof controls], bytes: whole };
    }
    const message = this.#message as 1 | 2;
    if (ended && fin) this.#message = undefined;
    if (bytes.length === 0) return undefined;
    const first = !this.#begun;
    this.#begun = true;
    return { kind: "data", opcode: message, first, bytes };
  }
}

function readHeader(bytes: Buffer): Header | undefined {
  if (bytes.length < 2) return undefined;
  const [flags, short] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const opcode = flags & 15;
  if ((flags & 0x70) !== 0) throw new FrameError("a frame with flags that were not agreed upon");
  if (opcode > 10 || (opcode > 2 && opcode < 8)) {
    throw new FrameError(`a frame of the unknown kind ${opcode}`);
  }
  if ((short & 0x80) !== 0) throw new FrameError("a masked frame, which no server may send");
  const size = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < size) return undefined;
  const length = size === 10 ? longLength(bytes) : size === 4 ? bytes.readUInt16BE(2) : short;
  return { size, fin: (flags & 0x80) !== 0, opcode, length };
}

function longLength(bytes: Buffer): number {
  const length = bytes.readBigUInt64BE(2);
  if (length <= BigInt(largestFrame)) return Number(length);
  throw new FrameError(`a frame of ${length} bytes, where 16 MiB is the most`);
}

const opcodes = { close: 8, ping: 9, pong: 10 } as const;

/** A control frame of a client's: masked, as it must be. Payload of at most 125 bytes. */
export function controlFrame(kind: keyof typeof opcodes, payload: Uint8Array): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload).map((byte, at) => byte ^ (mask[at & 3] as number));
  return Buffer.concat([Buffer.of(0x80 | opcodes[kind], 0x80 | payload.length), mask, masked]);
}
