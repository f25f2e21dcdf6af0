import { ascii } from "../../base/bytes.ts";
import type { QueueDocument } from "../../checkpoint/queue-document.ts";
import type { QueueFacts } from "../state/rows.ts";

/** Packets of a queue that are shown, and bytes of each. */
const mostChunks = 64;
const mostBytes = 1024;

/** Queues as far as a screen shows them; what is longer says so. */
export function queueFacts(queues: readonly QueueDocument[]): QueueFacts[] {
  return queues.map(({ chunks, ...queue }) => ({
    name: queue.name,
    member: queue.member,
    sizeBytes: queue.sizeBytes,
    capacityBytes: queue.capacityBytes,
    chunkCount: chunks.length,
    chunks: chunks.slice(0, mostChunks).map(({ sizeBytes, rights, content }) => ({
      sizeBytes,
      rights,
      text: content === null ? null : beginning(content),
      cut: sizeBytes > mostBytes,
    })),
  }));
}

/** The first bytes of what is base64. Four characters are three bytes. */
function beginning(content: string): string {
  const head = Buffer.from(content.slice(0, Math.ceil(mostBytes / 3) * 4), "base64");
  return ascii(head.subarray(0, mostBytes));
}
