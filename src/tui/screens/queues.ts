import { masked } from "../../base/mask.ts";
import { sanitize } from "../../base/text.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { QueueFacts } from "../state/rows.ts";
import { type Field, fieldSection } from "../view/fields.ts";
import type { Line } from "../view/line.ts";

/** What waits in queues: sizes, and how each packet begins where secrets are shown. */
export function queueLines(queues: readonly QueueFacts[], columns: number): Line[] {
  return queues.flatMap(({ name, member, sizeBytes, capacityBytes, chunks, chunkCount }) => {
    const room = capacityBytes === null ? "" : ` of ${formatBytes(capacityBytes)}`;
    const packets = chunks.map((chunk, at): Field => {
      const rights = chunk.rights.length === 0 ? "" : `, with files ${chunk.rights.join(" ")}`;
      const text =
        chunk.text === null ? `${masked}  v reveals` : `${chunk.text}${chunk.cut ? "…" : ""}`;
      return [`${at + 1}: ${formatBytes(chunk.sizeBytes)}${rights}`, sanitize(text)];
    });
    const more = chunkCount - chunks.length;
    return fieldSection(
      `Waiting bytes, ${name}`,
      [
        ["size", `${formatBytes(sizeBytes)}${room}`],
        ["in", member],
        ...packets,
        ["and", more > 0 ? `${formatCount(more)} more` : null],
      ],
      columns,
    );
  });
}
