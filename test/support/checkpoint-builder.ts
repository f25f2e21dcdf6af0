import { readFileSync } from "node:fs";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { canonicalName } from "../../src/archive/member.ts";
import { openSource } from "../../src/archive/open-archive.ts";
import { concat } from "../../src/base/bytes.ts";
import { crioCounter } from "./samples.ts";
import { type Entry, endMarker, member, privateFile, tar } from "./tar-builder.ts";

const typeFlags: Record<string, string> = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  directory: "5",
  fifo: "6",
};

/** A real checkpoint of which a test makes a hostile one: all that it does not touch stays real. */
export class CheckpointBuilder {
  readonly #parts: { name: string; bytes: Buffer }[];

  private constructor(parts: { name: string; bytes: Buffer }[]) {
    this.#parts = parts;
  }

  /** Takes a sample apart. */
  static async from(sample: string = crioCounter): Promise<CheckpointBuilder> {
    const archive = await openSource(new BufferSource(readFileSync(sample)), { path: sample });
    const parts: { name: string; bytes: Buffer }[] = [];
    for (const found of archive.members) {
      const entry: Entry = {
        name: found.name,
        type: typeFlags[found.type] as string,
        mode: found.mode,
        mtime: Math.floor(found.mtime / 1000),
      };
      if (found.linkName !== undefined) entry.linkName = found.linkName;
      if (found.type === "file") {
        const chunks: Uint8Array[] = [];
        for await (const chunk of archive.open(found).stream()) chunks.push(chunk.slice());
        entry.body = concat(chunks);
      }
      parts.push({ name: canonicalName(found.name), bytes: member(entry) });
    }
    await archive.close();
    return new CheckpointBuilder(parts);
  }

  /** Another one of the same, to be changed by itself. */
  copy(): CheckpointBuilder {
    return new CheckpointBuilder(this.#parts.map((part) => ({ ...part })));
  }

  /** Puts other content, or another member altogether, in the place of one. */
  replace(name: string, content: Uint8Array | string | Entry): this {
    const part = this.#parts.find((each) => each.name === name);
    if (part === undefined) throw new Error(`the sample has no ${name}`);
    part.bytes = memberOf(name, content);
    return this;
  }

  /** Puts a member at the end. */
  add(name: string, content: Uint8Array | string | Entry): this {
    this.#parts.push({ name, bytes: memberOf(name, content) });
    return this;
  }

  /** Puts a member at the beginning. */
  addFirst(name: string, content: Uint8Array | string | Entry): this {
    this.#parts.unshift({ name, bytes: memberOf(name, content) });
    return this;
  }

  drop(...names: readonly string[]): this {
    for (const name of names) {
      const at = this.#parts.findIndex((each) => each.name === name);
      if (at === -1) throw new Error(`the sample has no ${name}`);
      this.#parts.splice(at, 1);
    }
    return this;
  }

  /** The content of a regular member. */
  content(name: string): Buffer {
    const part = this.#parts.find((each) => each.name === name);
    if (part === undefined) throw new Error(`the sample has no ${name}`);
    const size = Number.parseInt(part.bytes.toString("latin1", 124, 135), 8);
    return part.bytes.subarray(512, 512 + size);
  }

  names(): string[] {
    return this.#parts.map(({ name }) => name);
  }

  bytes(end: Buffer = endMarker): Buffer {
    return tar(
      this.#parts.map((part) => part.bytes),
      end,
    );
  }

  /** Writes it to a private file that goes with the test. */
  write(name = "checkpoint.tar"): string {
    return privateFile(this.bytes(), name);
  }
}

function memberOf(name: string, content: Uint8Array | string | Entry): Buffer {
  const isContent = typeof content === "string" || content instanceof Uint8Array;
  return member({ name, ...(isContent ? { body: content } : content) });
}
