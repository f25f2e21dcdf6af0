import { ascii } from "../base/bytes.ts";
import { formatBytes } from "../base/units.ts";
import type { QueueDocument } from "../checkpoint/queue-document.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Bytes that a queue's content shows in a table. All of it is in the JSON. */
const previewBytes = 256;

/** A queue with the words that say whose it is. */
interface NamedQueue {
  owner: string;
  queue: QueueDocument;
}

/** Renders what waits in queues, where it was asked for: a line for each packet. */
export function renderQueues(queues: readonly NamedQueue[], options: TableOptions): string {
  const rows = queues.flatMap(({ owner, queue }) =>
    queue.chunks.flatMap(({ sizeBytes, content }) =>
      content === null ? [] : [{ owner, name: queue.name, sizeBytes, content }],
    ),
  );
  if (rows.length === 0) return "";
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "OF", cell: (row) => row.owner },
    { title: "QUEUE", cell: (row) => row.name },
    { title: "SIZE", align: "right", cell: (row) => formatBytes(row.sizeBytes) },
    { title: "CONTENT", cell: (row) => preview(row.content), flexible: true },
  ];
  return renderTable(rows, columns, options);
}

/** The first bytes as text; a byte that is none is shown as an escape by the table. */
function preview(content: string): string {
  // Four characters of base64 are three bytes, so nothing long is decoded.
  const head = Buffer.from(content.slice(0, Math.ceil(previewBytes / 3) * 4), "base64");
  const shown = head.subarray(0, previewBytes);
  const more = content.length > Math.ceil(previewBytes / 3) * 4 || head.length > shown.length;
  return `${ascii(shown)}${more ? "…" : ""}`;
}

/** Bytes that wait, for a column. */
export function waiting(queues: readonly QueueDocument[], name?: string): string {
  let bytes = 0;
  for (const queue of queues)
    if (name === undefined || queue.name === name) bytes += queue.sizeBytes;
  return bytes === 0 ? "" : formatBytes(bytes);
}
