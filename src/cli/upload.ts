import { type FileHandle, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileSource } from "../archive/file-source.ts";
import { createPrivateFile } from "../archive/private-file.ts";
import { UsageError } from "../base/errors.ts";
import { shownName } from "../base/remote-name.ts";
import { sanitize } from "../base/text.ts";
import { putObject } from "../remote/put-object.ts";
import { parseAddress } from "../remote/web-address.ts";
import type { Io } from "./io.ts";
import type { Output, SendOptions } from "./output.ts";

/** Results up to this are held in memory until they are whole; larger ones in a file without a name. */
const mostHeld = 16 * 1024 * 1024;

const types: Readonly<Record<string, string>> = {
  json: "application/json",
  yaml: "application/yaml",
  sarif: "application/sarif+json",
  junit: "application/xml",
  html: "text/html; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/**
 * Takes a result piece by piece, and sends it to an address when it is closed: stores want to know
 * how long it is, and a part of a result would be taken for the whole.
 * @throws {UsageError} where the result may not leave this machine in that way.
 */
export async function openUpload(
  text: string,
  io: Io,
  send: SendOptions | undefined,
): Promise<Output> {
  if (send === undefined || /^oci:/i.test(text)) {
    throw new UsageError({
      code: "address",
      what:
        send === undefined
          ? "what is in an archive is sent nowhere: only reports are"
          : "a report is no image",
      found: `--output-file ${shownName(text)}`,
      allowed: send === undefined ? "a new file" : "a new file, or https://HOST/PATH",
    });
  }
  // Before the work of hours.
  parseAddress(text, send.plainHttp === true);
  const held = new Held();
  return {
    write: async (piece) => {
      await held.add(typeof piece === "string" ? Buffer.from(piece) : piece);
      return true;
    },
    close: async () => {
      const type = types[send.output ?? ""] ?? "text/plain; charset=utf-8";
      const body = { length: held.size, type, bytes: () => held.bytes() };
      const access = { ...send, env: io.env };
      try {
        const { guarded, shown } = await putObject(text, body, access, { clock: io });
        if (guarded) return;
        const said = `${sanitize(shown)} is in a store that cannot be told to replace nothing`;
        await io.err.write(`cryoscope: warning: ${said}\n`);
      } finally {
        await held.drop();
      }
    },
    drop: () => held.drop(),
  };
}

/** A result that is not whole yet. */
class Held {
  size = 0;
  #parts: Uint8Array[] = [];
  #file: FileHandle | undefined;

  async add(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes);
    this.size += bytes.length;
    if (this.#file === undefined && this.size <= mostHeld) return;
    this.#file ??= await nameless();
    for (const part of this.#parts.splice(0)) await this.#file.appendFile(part);
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    if (this.#file !== undefined) {
      yield* new FileSource(this.#file.fd, this.size, tmpdir()).stream();
    }
    yield* this.#parts;
  }

  async drop(): Promise<void> {
    this.#parts = [];
    await this.#file?.close();
    this.#file = undefined;
  }
}

async function nameless(): Promise<FileHandle> {
  const { randomUUID } = await import("node:crypto");
  const path = join(tmpdir(), `.cryoscope-report-${randomUUID()}`);
  const handle = await createPrivateFile(path);
  await unlink(path);
  return handle;
}
