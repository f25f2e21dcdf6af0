import { BufferSource } from "../../../src/archive/buffer-source.ts";
import type { CheckpointDiff } from "../../../src/audit/diff/checkpoint-diff.ts";
import { type DiffOptions, diffCheckpoints } from "../../../src/audit/diff/diff.ts";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import type { Decoded } from "../../../src/criu/decode.ts";
import { readEntries } from "../../../src/criu/image.ts";
import type { MessageName } from "../../../src/criu/schema/schema.ts";
import type { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { entry, magic } from "../../support/criu-encoder.ts";

/** Writes an image of a sample anew, with entries that `change` was allowed to change. */
export async function alter<Name extends MessageName>(
  builder: CheckpointBuilder,
  image: string,
  type: string,
  message: Name,
  change: (entries: Decoded<Name>[]) => void,
): Promise<void> {
  const entries = await readEntries(new BufferSource(builder.content(image)), message);
  change(entries);
  builder.replace(
    image,
    Buffer.concat([magic(type), ...entries.map((each) => entry(message, each))]),
  );
}

/** Compares two archives of a test without their findings, unless they are asked for. */
export async function diffOf(
  before: string,
  after: string,
  options: DiffOptions & { parents?: readonly (string | undefined)[] } = {},
): Promise<CheckpointDiff> {
  const { parents = [], ...rest } = options;
  const open = async (path: string, parent: string | undefined) => {
    const older =
      parent === undefined ? undefined : await openCheckpoint(parent, { permissions: "any" });
    const opened = await openCheckpoint(path, {
      permissions: "any",
      ...(older === undefined ? {} : { parent: older }),
    });
    return { opened, older };
  };
  const one = await open(before, parents[0]);
  const two = await open(after, parents[1]);
  try {
    return await diffCheckpoints(one.opened, two.opened, rest);
  } finally {
    for (const { opened, older } of [one, two]) {
      await opened.close();
      await older?.close();
    }
  }
}
