import type { ByteSource } from "../../../base/byte-source.ts";
import { ArchiveError } from "../../../base/errors.ts";
import { entryJson, imageJson } from "../../../criu/crit/image-json.ts";
import { messageValue } from "../../../criu/crit/to-value.ts";
import { decodeMessage } from "../../../criu/decode.ts";
import type { ImageFrame } from "../../../criu/frames.ts";
import { openImage } from "../../../criu/image.ts";
import type { TreeShape } from "../../state/document-tree.ts";
import { type ImageEntry, ImageIndex, problemText } from "./image-index.ts";
import type { TreeSource } from "./tree-source.ts";
import {
  Broken,
  descend,
  Payload,
  type TreeChild,
  type TreeValue,
  treeJson,
} from "./tree-value.ts";

/** Decoded entries that are kept: those that are open on the screen. */
const keptEntries = 32;
/** What they were decoded from, in bytes. */
const keptBytes = 32 * 1024 * 1024;

interface Kept {
  value: TreeValue;
  bytes: number;
}

/** A CRIU image as a tree: its children are the entries, head included, as crit lists them. */
export class ImageTree implements TreeSource {
  readonly #index: ImageIndex;
  readonly #source: ByteSource;
  // In the order of their last use.
  readonly #kept = new Map<number, Kept>();

  private constructor(index: ImageIndex, source: ByteSource) {
    this.#index = index;
    this.#source = source;
  }

  /** @throws ArchiveError where it does not begin with the magic of an image. */
  static async open(source: ByteSource): Promise<ImageTree> {
    return new ImageTree(new ImageIndex(await openImage(source)), source);
  }

  shape(): TreeShape {
    const { image, count, heads, problem = null } = this.#index;
    return { type: image.type.name, count, heads, sizeBytes: this.#source.size, problem };
  }

  advance(): Promise<boolean> {
    return this.#index.advance();
  }

  async *roots(from: number, batch: number): AsyncGenerator<TreeChild[]> {
    let at = from;
    for await (const entries of this.#index.from(from)) {
      for (let done = 0; done < entries.length; done += batch) {
        const some = entries.slice(done, done + batch);
        yield some.map((entry, each) => ({ key: `[${at + each}]`, value: entryValue(entry) }));
        at += some.length;
      }
    }
  }

  async value([at = 0, ...rest]: readonly number[]): Promise<TreeValue | undefined> {
    const entry = await this.#entry(at);
    return entry === undefined ? undefined : descend(entry, rest);
  }

  async *json(path: readonly number[]): AsyncGenerator<string> {
    const [at, ...rest] = path;
    if (at === undefined) {
      yield* imageJson(this.#source, true);
    } else if (rest.length > 0) {
      yield treeJson((await this.value(path)) ?? null);
    } else {
      const entry = await this.#find(at);
      if (entry === undefined) return;
      yield* entryJson(this.#index.image, this.#source, entry.frame, entry.parts);
    }
  }

  async #find(at: number): Promise<ImageEntry | undefined> {
    for await (const [entry] of this.#index.from(at)) return entry;
    return undefined;
  }

  async #entry(at: number): Promise<TreeValue | undefined> {
    const known = this.#kept.get(at);
    this.#kept.delete(at);
    if (known !== undefined) {
      this.#kept.set(at, known);
      return known.value;
    }
    const entry = await this.#find(at);
    if (entry === undefined) return undefined;
    const value = entryValue(entry);
    this.#kept.set(at, { value, bytes: entry.frame.bytes.length });
    this.#forgetOldest();
    return value;
  }

  #forgetOldest(): void {
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    for (const [at, kept] of this.#kept) {
      if (this.#kept.size <= 1 || (this.#kept.size <= keptEntries && bytes <= keptBytes)) return;
      this.#kept.delete(at);
      bytes -= kept.bytes;
    }
  }
}

/** An entry as crit shows it, with the bytes behind it by their place. */
function entryValue({ frame, parts }: ImageEntry): TreeValue {
  const value = frameValue(frame);
  if (parts.length === 0 || value instanceof Broken) return value;
  return { ...(value as object), messages: parts.map(frameValue) };
}

function frameValue(frame: ImageFrame): TreeValue {
  try {
    const value = messageValue(frame.message, decodeMessage(frame.message, frame.bytes), true);
    if (frame.payload === undefined || frame.payload.length === 0) return value;
    return { ...value, payload: new Payload(frame.payload.offset, frame.payload.length) };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return new Broken(problemText(error.at({ entry: frame.index, offset: frame.offset })));
  }
}
