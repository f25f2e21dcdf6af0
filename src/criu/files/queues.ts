import type { Place } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import type { ImageFolder } from "../image-folder.ts";

/** Bytes that one end wrote and the other had not read when the dump was made. */
export interface Queue {
  /** What waits in it: to be read here, to be sent, or the keys and values of a BPF map. */
  name: "received" | "unsent" | "keys" | "values";
  /** Image that holds it. */
  image: string;
  sizeBytes: number;
  /** What a pipe can hold. */
  capacityBytes?: number;
  /** Packets of a socket that keeps their borders, else one chunk. */
  chunks: QueueChunk[];
}

interface QueueChunk {
  length: number;
  /** Where the bytes are in the image; undefined where `bytes` has them. */
  offset?: number;
  bytes?: Uint8Array;
  /** Open files that were passed with the packet (SCM_RIGHTS), by number. */
  rights: number[];
}

/** All queues of a dump but those of TCP, by what they belong to. */
export interface Queues {
  /** By number of the pipe. */
  pipes: Map<number, PlacedQueue>;
  fifos: Map<number, PlacedQueue>;
  /** By number of the open file. */
  sockets: Map<number, PlacedQueue>;
  /** By number of the terminal. */
  ttys: Map<number, PlacedQueue>;
  /** By number of the map: keys, then values. */
  bpfMaps: Map<number, [PlacedQueue, PlacedQueue]>;
}

export interface PlacedQueue {
  queue: Queue;
  /** Where its first entry stands. */
  place: Place;
}

export async function readQueues(context: ReadContext): Promise<Queues> {
  return {
    pipes: await readPipes(context, "pipes-data.img"),
    fifos: await readPipes(context, "fifo-data.img"),
    sockets: await readPackets(context),
    ttys: await readTerminals(context),
    bpfMaps: await readBpfMaps(context),
  };
}

async function readPipes(context: ReadContext, image: string): Promise<Map<number, PlacedQueue>> {
  const queues = new Map<number, PlacedQueue>();
  await forEachEntry(context, image, "pipe_data_entry", ({ entry, place, payload }) => {
    // Where the bytes are cut short that is told already.
    if (payload === undefined) return;
    if (queues.has(entry.pipe_id)) {
      const message = `pipe ${entry.pipe_id} has two queues; the first counts`;
      context.problems.add({ severity: "error", code: "queue", message, where: place });
      return;
    }
    const queue = oneChunk(image, "received", payload);
    if (entry.size !== undefined) queue.capacityBytes = entry.size;
    queues.set(entry.pipe_id, { queue, place });
  });
  return queues;
}

async function readPackets(context: ReadContext): Promise<Map<number, PlacedQueue>> {
  const image = "sk-queues.img";
  const queues = new Map<number, PlacedQueue>();
  await forEachEntry(context, image, "sk_packet_entry", ({ entry, place, payload }) => {
    if (payload === undefined) return;
    const known = queues.get(entry.id_for);
    const queue = known?.queue ?? { name: "received", image, sizeBytes: 0, chunks: [] };
    const { offset, length } = payload;
    queue.sizeBytes += length;
    queue.chunks.push({ offset, length, rights: entry.scm.flatMap(({ rights }) => rights) });
    if (known === undefined) queues.set(entry.id_for, { queue, place });
  });
  return queues;
}

async function readTerminals(context: ReadContext): Promise<Map<number, PlacedQueue>> {
  const image = "tty-data.img";
  const queues = new Map<number, PlacedQueue>();
  await forEachEntry(context, image, "tty_data_entry", ({ entry, place }) => {
    const known = queues.get(entry.tty_id);
    const queue = known?.queue ?? { name: "received", image, sizeBytes: 0, chunks: [] };
    queue.sizeBytes += entry.data.length;
    queue.chunks.push({ length: entry.data.length, bytes: entry.data, rights: [] });
    if (known === undefined) queues.set(entry.tty_id, { queue, place });
  });
  return queues;
}

async function readBpfMaps(context: ReadContext): Promise<Queues["bpfMaps"]> {
  const image = "bpfmap-data.img";
  const queues: Queues["bpfMaps"] = new Map();
  await forEachEntry(context, image, "bpfmap_data_entry", ({ entry, place, payload }) => {
    if (payload === undefined) return;
    const { offset } = payload;
    const keys = { offset, length: entry.keys_bytes };
    const values = { offset: offset + keys.length, length: entry.values_bytes };
    queues.set(entry.map_id, [
      { queue: oneChunk(image, "keys", keys), place },
      { queue: oneChunk(image, "values", values), place },
    ]);
  });
  return queues;
}

/** A queue without packets. */
export function oneChunk(
  image: string,
  name: Queue["name"],
  { offset, length }: { offset: number; length: number },
): Queue {
  const chunks = length === 0 ? [] : [{ offset, length, rights: [] }];
  return { name, image, sizeBytes: length, chunks };
}

/**
 * The bytes of one chunk, or as many of its first as are allowed: kernels keep queues far below
 * that, and a length in an image is only a claim.
 * @param most bytes that may be read
 */
export async function readChunk(
  folder: ImageFolder,
  { image }: Queue,
  chunk: QueueChunk,
  most: number = limits.queueBytes,
): Promise<Uint8Array> {
  const length = Math.min(chunk.length, most);
  if (chunk.bytes !== undefined) return chunk.bytes.subarray(0, length);
  const source = folder.open(image);
  if (source === undefined || chunk.offset === undefined) return new Uint8Array(0);
  return source.read(chunk.offset, length);
}
