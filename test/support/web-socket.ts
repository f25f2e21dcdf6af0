import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";

interface FrameWish {
  opcode?: number;
  fin?: boolean;
  /** Flags that nobody agreed upon. */
  flags?: number;
  masked?: boolean;
  /** Length to claim, whatever follows. */
  claim?: bigint;
}

/** A server's frame, or one that no server may send. Written after RFC 6455 §5.2, by hand. */
export function frame(payload: string | Uint8Array, wish: FrameWish = {}): Buffer {
  const { opcode = 2, fin = true, flags = 0, masked = false, claim } = wish;
  const bytes = Buffer.from(payload as Uint8Array);
  const first = (fin ? 0x80 : 0) | flags | opcode;
  const mask = masked ? 0x80 : 0;
  const length = claim ?? BigInt(bytes.length);
  let head: Buffer;
  if (length < 126n) head = Buffer.of(first, mask | Number(length));
  else if (length < 65536n) {
    head = Buffer.of(first, mask | 126, Number(length >> 8n), Number(length & 255n));
  } else {
    head = Buffer.alloc(10);
    head.set([first, mask | 127]);
    head.writeBigUInt64BE(length, 2);
  }
  return Buffer.concat([head, ...(masked ? [Buffer.alloc(4)] : []), bytes]);
}

/** A message on a channel, as the API server sends it. */
export function channel(number: number, payload: string | Uint8Array): Buffer {
  return frame(Buffer.concat([Buffer.of(number), Buffer.from(payload as Uint8Array)]));
}

/** How the API server ended every stream that was recorded. */
export const success = channel(3, '{"metadata":{},"status":"Success"}');
export const normalEnd = frame(Buffer.of(0x03, 0xe8), { opcode: 8 });

export function failure(
  code: number,
  message = `command terminated with exit code ${code}`,
): Buffer {
  return channel(
    3,
    JSON.stringify({
      metadata: {},
      status: "Failure",
      message: `command terminated with non-zero exit code: ${message}`,
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: `${code}` }] },
    }),
  );
}

/** Agrees to speak WebSocket, as the API server does. */
export function agree(
  socket: Duplex,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  changes: Record<string, string> = {},
): void {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const answer: Record<string, string> = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Accept": createHash("sha1").update(key).digest("base64"),
    "Sec-WebSocket-Protocol": "v5.channel.k8s.io",
    ...changes,
  };
  const fields = Object.entries(answer).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join("")}\r\n`);
}

/** Answers with a recording instead. */
export function refuse(
  socket: Duplex,
  status: number,
  body: string,
  type = "application/json",
): void {
  socket.end(
    `HTTP/1.1 ${status} No\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Frames of a client, unmasked: kind and payload. */
export function clientFrames(
  bytes: Buffer,
): { opcode: number; payload: Buffer; masked: boolean }[] {
  const frames: { opcode: number; payload: Buffer; masked: boolean }[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = bytes.readUInt8(at) & 15;
    const short = bytes.readUInt8(at + 1);
    const masked = (short & 0x80) !== 0;
    const length = short & 0x7f;
    const start = at + 2 + (masked ? 4 : 0);
    const mask = bytes.subarray(at + 2, start);
    const payload = Buffer.from(bytes.subarray(start, start + length)).map((byte, index) =>
      masked ? byte ^ (mask[index & 3] as number) : byte,
    );
    frames.push({ opcode, payload: Buffer.from(payload), masked });
    at = start + length;
  }
  return frames;
}
