import { RefusedError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { formatBytes } from "../../../base/units.ts";
import { readAuthorities } from "../../../remote/authorities.ts";
import { findCredentials } from "../../../remote/registry/credentials.ts";
import { nameOf, parseReference, type Reference } from "../../../remote/registry/reference.ts";
import { layerBytes } from "../../../restore/image/pack.ts";
import { type Pushed, pushImage } from "../../../restore/image/registry/push.ts";
import type { BuiltImage, ImagePlan } from "../../../restore/image/write-image.ts";
import type { Io } from "../../io.ts";
import type { ImageCommandOptions } from "./image.ts";

/** A push that nothing stands against any more. */
export interface PushWish {
  push(
    built: BuiltImage,
    progress: (progress: { read: number; total: number }) => void,
  ): Promise<Pushed>;
}

/** Milliseconds for which a registry may be silent: some copy a layer before they answer. */
const patience = 300_000;

/**
 * Reads all that a push needs, and asks the person.
 * @throws {RefusedError} where nobody agreed that memory leaves this machine.
 */
export async function preparePush(
  text: string,
  plan: ImagePlan,
  options: Pick<ImageCommandOptions, "yes" | "plainHttp" | "caFile">,
  io: Io,
): Promise<PushWish> {
  const reference = parseReference(text, plan.reference.tag);
  const ca = options.caFile === undefined ? undefined : await readAuthorities(options.caFile);
  await confirm(reference, plan, options.yes === true, io);
  const abort = new AbortController();
  return {
    push: async (built, progress) => {
      const listen = io.onInterrupt(() => abort.abort());
      try {
        const { signal } = abort;
        return await pushImage(plan, built, reference, {
          clock: io,
          signal,
          patience,
          ca,
          plainHttp: options.plainHttp === true,
          credentials: await findCredentials(reference, io.env, signal),
          progress,
        });
      } finally {
        listen();
      }
    },
  };
}

/** Memory holds what its process held: keys and passwords too. That it leaves is a decision. */
async function confirm(
  reference: Reference,
  { archive, facts }: ImagePlan,
  yes: boolean,
  io: Io,
): Promise<void> {
  const name = nameOf(reference);
  const size = formatBytes(layerBytes(archive).size);
  const warning = `the memory of ${facts.name.value} (${size}), with all keys and passwords in it, will leave this machine; whoever may pull ${name} can read it`;
  if (yes) {
    await io.err.write(`cryoscope: warning: ${sanitize(warning)}\n`);
    return;
  }
  if (!io.stdin.isTTY || !io.err.isTTY) {
    throw new RefusedError({
      code: "unconfirmed",
      what: `nothing was sent: ${warning}`,
      allowed: "a person who agrees, or --yes",
      next: "if that is meant: the same with --yes",
    });
  }
  await io.err.write(`cryoscope: ${sanitize(warning)}\nSend it? (yes or no) `);
  if ((await firstLine(io)).trim().toLowerCase() === "yes") return;
  throw new RefusedError({
    code: "unconfirmed",
    what: "nothing was sent",
    allowed: "the word yes",
  });
}

async function firstLine(io: Io): Promise<string> {
  let line = "";
  for await (const chunk of io.stdin.stream()) {
    line += Buffer.from(chunk).toString();
    if (line.includes("\n") || line.length > 1000) break;
  }
  return line.split("\n")[0] ?? "";
}
