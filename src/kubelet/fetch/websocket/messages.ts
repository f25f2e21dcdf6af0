import type { Duplex } from "node:stream";
import type { Means } from "../../http/exchange.ts";
import { controlFrame, type DataPiece, FrameError, FrameReader } from "./frames.ts";
import type { Upgraded } from "./upgrade.ts";

/** Load balancers cut what is silent for a minute, and hashing 100 GiB says nothing for longer. */
const pingEvery = 15_000;
/** So many pings without any bytes back, from somebody who had answered them before. */
const unanswered = 4;
/** Pings that come faster than their answers leave are not answered all. */
const mostWaiting = 64 * 1024;

/** A stream that ended otherwise than by both sides' will. */
export class StreamFailure extends Error {
  readonly kind: "cut" | "protocol" | "silent";

  constructor(kind: StreamFailure["kind"], found: string) {
    super(found);
    this.kind = kind;
  }
}

/**
 * What a server says over WebSocket, piece by piece, until it closes the connection. Who does not
 * ask for the next piece holds the server up. Ends the connection when it is left.
 * @throws {StreamFailure} also when the signal is aborted.
 */
export async function* messages(
  { socket, head }: Upgraded,
  { clock, signal }: Means,
): AsyncGenerator<DataPiece> {
  const reader = new FrameReader();
  const pulse = new Pulse(socket, clock);
  const abort = (): void => {
    socket.destroy();
  };
  // What breaks it is thrown where it is read.
  socket.on("error", () => {});
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    for await (const chunk of chunksOf(socket, head)) {
      pulse.heard();
      for (const piece of reader.read(chunk)) {
        if (piece.kind === "data") yield piece;
        else if (piece.kind === "pong") pulse.answered();
        else if (piece.kind === "ping") pong(socket, piece.bytes);
        else return closed(socket, piece.bytes);
      }
    }
    throw new StreamFailure("cut", "the connection ended without a word");
  } catch (error) {
    throw sorted(error, pulse);
  } finally {
    signal.removeEventListener("abort", abort);
    pulse.stop();
    socket.destroy();
  }
}

async function* chunksOf(socket: Duplex, head: Buffer): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for await (const chunk of socket) yield chunk as Buffer;
}

function pong(socket: Duplex, payload: Buffer): void {
  if (socket.writable && socket.writableLength < mostWaiting) {
    socket.write(controlFrame("pong", payload));
  }
}

/** Answers the end that the server wants, which is polite, and says why it wanted it. */
function closed(socket: Duplex, payload: Buffer): void {
  if (socket.writable) socket.write(controlFrame("close", payload.subarray(0, 2)));
  if (payload.length === 1) throw new StreamFailure("protocol", "half a reason for the end");
  const code = payload.length < 2 ? 1000 : payload.readUInt16BE(0);
  if (code === 1000) return;
  const reason = payload.subarray(2).toString();
  const words = reason === "" ? "" : `: ${reason}`;
  throw new StreamFailure("cut", `the server closed it with code ${code}${words}`);
}

function sorted(error: unknown, pulse: Pulse): unknown {
  if (pulse.silent) return new StreamFailure("silent", "no answer to pings for a minute");
  if (error instanceof FrameError) return new StreamFailure("protocol", error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof StreamFailure || typeof code !== "string") return error;
  return new StreamFailure("cut", `the connection was torn (${code})`);
}

/** Asks from time to time whether the other side lives, and ends a connection on which it does not. */
class Pulse {
  /** It ended the connection itself. */
  silent = false;
  readonly #socket: Duplex;
  readonly #clock: Means["clock"];
  #cancel: () => void = () => {};
  #answers = false;
  #missed = 0;

  constructor(socket: Duplex, clock: Means["clock"]) {
    this.#socket = socket;
    this.#clock = clock;
    this.#wait();
  }

  heard(): void {
    this.#missed = 0;
  }

  answered(): void {
    this.#answers = true;
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel = this.#clock.timer(pingEvery, () => {
      this.#missed += 1;
      // Bytes that wait for us to read them are no silence.
      const waiting = this.#socket.readableLength > 0;
      if (this.#answers && !waiting && this.#missed > unanswered) {
        this.silent = true;
        this.#socket.destroy();
        return;
      }
      if (this.#socket.writable && this.#socket.writableLength < mostWaiting) {
        this.#socket.write(controlFrame("ping", Buffer.alloc(0)));
      }
      this.#wait();
    });
  }
}
