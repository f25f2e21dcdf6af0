import { type JsonObject, valueAt } from "../base/json-object.ts";
import { isZeroTime, parseTime } from "../base/time.ts";
import { present, textAt } from "./documents.ts";
import type { Identity } from "./format.ts";

/**
 * Fields of `config.dump` that CRI-O, containerd and Podman share: they use one library for it
 * (`checkpointctl/lib/metadata.go`, ContainerConfig).
 */
export function commonIdentity(config: JsonObject | undefined): Identity {
  const restored = valueAt(config, "restored");
  return present<Identity>({
    id: textAt(config, "id"),
    name: textAt(config, "name"),
    image: textAt(config, "rootfsImageName"),
    imageRef: textAt(config, "rootfsImageRef"),
    ociRuntime: textAt(config, "runtime"),
    createdAt: timeAt(config, "createdTime"),
    checkpointedAt: timeAt(config, "checkpointedTime"),
    restoredAt: timeAt(config, "restoredTime"),
    restored: typeof restored === "boolean" ? restored : undefined,
  });
}

/** An RFC 3339 time that is not Go's zero. */
function timeAt(value: unknown, ...path: string[]): string | undefined {
  const time = textAt(value, ...path);
  if (time === undefined || isZeroTime(time) || parseTime(time) === undefined) return undefined;
  return time;
}
