import { limits } from "../base/limits.ts";
import { type Queue, readChunk } from "../criu/files/queues.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Bytes that were on their way when the dump was made. Their content is memory: masked. */
export interface QueueDocument {
  name: Queue["name"];
  /** Member of the archive that holds it. */
  member: string;
  sizeBytes: number;
  /** What a pipe can hold. */
  capacityBytes: number | null;
  /** Packets where the socket keeps their borders, else one piece. */
  chunks: ChunkDocument[];
}

interface ChunkDocument {
  sizeBytes: number;
  /** Where the bytes are in the member; null where they are part of an entry. */
  offset: number | null;
  /** Numbers of open files that were passed with it. */
  rights: number[];
  /** Base64; null unless it was asked for. */
  content: string | null;
  /** Is the content cut, because it is longer than any real one? */
  cut: boolean;
}

/** Turns queues into documents, with their content where that was asked for. */
export class QueueReader {
  readonly #checkpoint: Checkpoint;
  readonly #reveal: boolean;
  #left: number = limits.allQueueBytes;

  constructor(checkpoint: Checkpoint, reveal: boolean) {
    this.#checkpoint = checkpoint;
    this.#reveal = reveal;
  }

  async document(queue: Queue): Promise<QueueDocument> {
    const chunks: ChunkDocument[] = [];
    let left: number = limits.queueBytes;
    for (const chunk of queue.chunks) {
      const { length: sizeBytes, offset, rights } = chunk;
      const document: ChunkDocument = {
        sizeBytes,
        offset: offset ?? null,
        rights,
        content: null,
        cut: false,
      };
      const { images } = this.#checkpoint;
      if (this.#reveal && images !== undefined) {
        const most = Math.min(left, this.#left);
        const bytes = await readChunk(images, queue, chunk, most);
        left -= bytes.length;
        this.#left -= bytes.length;
        document.content = Buffer.from(bytes).toString("base64");
        document.cut = bytes.length < sizeBytes;
      }
      chunks.push(document);
    }
    return {
      name: queue.name,
      member: this.#checkpoint.images?.label(queue.image) ?? queue.image,
      sizeBytes: queue.sizeBytes,
      capacityBytes: queue.capacityBytes ?? null,
      chunks,
    };
  }

  async documents(queues: readonly Queue[]): Promise<QueueDocument[]> {
    const documents: QueueDocument[] = [];
    for (const queue of queues) documents.push(await this.document(queue));
    return documents;
  }
}
