import { BufferSource } from "../../src/archive/buffer-source.ts";
import { decodeMessage } from "../../src/criu/decode.ts";
import { openImage } from "../../src/criu/image.ts";
import type { MessageName } from "../../src/criu/schema/schema.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { CheckpointBuilder } from "./checkpoint-builder.ts";
import { entry, image } from "./criu-encoder.ts";
import { type Entry, tar } from "./tar-builder.ts";

type Json = Record<string, unknown>;

/** A real archive of which a test alters as little as it can. */
export class Alteration {
  readonly #builder: CheckpointBuilder;
  /** Folder of the images, with its slash. */
  readonly #folder: string;

  private constructor(builder: CheckpointBuilder) {
    this.#builder = builder;
    const inventory = builder.names().find((name) => name.endsWith("inventory.img")) as string;
    this.#folder = inventory.slice(0, inventory.lastIndexOf("/") + 1);
  }

  static async of(sample: string): Promise<Alteration> {
    return new Alteration(await CheckpointBuilder.from(sample));
  }

  /** Alters a JSON document in place. */
  json(name: string, change: (document: Json) => void): this {
    const document = JSON.parse(this.#builder.content(name).toString()) as Json;
    change(document);
    this.#builder.replace(name, JSON.stringify(document));
    return this;
  }

  /** Alters the entries of an image, in place or by giving others. Raw bytes behind them stay. */
  async image<Name extends MessageName>(
    name: string,
    message: Name,
    change: (entries: Messages[Name][]) => Messages[Name][] | undefined,
  ): Promise<this> {
    const bytes = this.#builder.content(this.#folder + name);
    const opened = await openImage(new BufferSource(bytes));
    const entries: Messages[Name][] = [];
    for await (const batch of opened.frames()) {
      for (const frame of batch) entries.push(decodeMessage(message, frame.bytes));
    }
    const changed = change(entries) ?? entries;
    const written = changed.map((it) => entry(message, it));
    this.#builder.replace(this.#folder + name, image(opened.type.name, ...written));
    return this;
  }

  /** Alters the runs of a page table. */
  async pageTable(name: string, change: (run: Messages["pagemap_entry"]) => void): Promise<this> {
    const opened = await openImage(new BufferSource(this.#builder.content(this.#folder + name)));
    const written: Buffer[] = [];
    for await (const batch of opened.frames()) {
      for (const frame of batch) {
        if (frame.head) {
          written.push(entry("pagemap_head", decodeMessage("pagemap_head", frame.bytes)));
          continue;
        }
        const run = decodeMessage("pagemap_entry", frame.bytes);
        change(run);
        written.push(entry("pagemap_entry", run));
      }
    }
    this.#builder.replace(this.#folder + name, image(opened.type.name, ...written));
    return this;
  }

  /** Adds an image, or anything else, beside the images. */
  addImage(name: string, content: Uint8Array): this {
    this.#builder.add(this.#folder + name, content);
    return this;
  }

  /** Alters raw bytes: every occurrence of a text, by one of the same length. */
  bytes(name: string, from: string, to: string): this {
    const content = Buffer.from(this.#builder.content(this.#folder + name));
    if (Buffer.byteLength(from) !== Buffer.byteLength(to)) throw new Error("lengths differ");
    for (let at = content.indexOf(from); at !== -1; at = content.indexOf(from, at + 1)) {
      content.write(to, at);
    }
    this.#builder.replace(this.#folder + name, content);
    return this;
  }

  /** Puts other changes of the root file system in the place of those that are there. */
  rootfs(...entries: readonly Entry[]): this {
    const content = tar(entries);
    if (this.#builder.names().includes("rootfs-diff.tar")) {
      this.#builder.replace("rootfs-diff.tar", content);
    } else this.#builder.add("rootfs-diff.tar", content);
    return this;
  }

  drop(...names: readonly string[]): this {
    this.#builder.drop(...names);
    return this;
  }

  replace(name: string, content: Uint8Array | string): this {
    this.#builder.replace(name, content);
    return this;
  }

  write(): string {
    return this.#builder.write();
  }
}
