import { Fault } from "../../../base/errors.ts";
import { formatCount } from "../../../base/units.ts";
import type { FramePlace, ImageFrame } from "../../../criu/frames.ts";
import type { CriuImage } from "../../../criu/image.ts";

/** An entry as crit counts them: messages of a SysV queue belong to the entry before them. */
export interface ImageEntry {
  frame: ImageFrame;
  parts: readonly ImageFrame[];
}

/** Entries between two places that are remembered. */
const stride = 256;

/**
 * Where the entries of an image are. They are counted once, in steps; of each few hundred the place
 * is kept, so that a million costs some thousand numbers and any can be reached at once.
 */
export class ImageIndex {
  readonly image: CriuImage;
  /** Entries that were counted. */
  count = 0;
  heads = 0;
  /** Why nothing is known behind them. */
  problem: string | undefined;
  readonly #marks: FramePlace[] = [];
  readonly #batches: AsyncGenerator<ImageFrame[]>;

  constructor(image: CriuImage) {
    this.image = image;
    this.#batches = image.frames();
  }

  /** Counts some more; false where all are counted. */
  async advance(): Promise<boolean> {
    try {
      const { value, done } = await this.#batches.next();
      if (done === true) return false;
      for (const { frame } of entriesOf(this.image, value)) {
        if (this.count % stride === 0)
          this.#marks.push({ index: frame.index, offset: frame.offset });
        this.count += 1;
        if (frame.head) this.heads += 1;
      }
      return true;
    } catch (error) {
      this.problem = problemText(error);
      return false;
    }
  }

  /** Entries from a counted one on, in batches, to the last that can be read. */
  async *from(place: number): AsyncGenerator<ImageEntry[]> {
    const mark = this.#marks[Math.floor(place / stride)];
    if (mark === undefined || place >= this.count) return;
    let skip = place % stride;
    try {
      for await (const batch of this.image.frames(mark)) {
        const entries = entriesOf(this.image, batch);
        if (entries.length > skip) yield entries.slice(skip);
        skip = Math.max(0, skip - entries.length);
      }
    } catch (error) {
      this.problem = problemText(error);
    }
  }
}

function entriesOf({ type }: CriuImage, frames: readonly ImageFrame[]): ImageEntry[] {
  const joins = type.extra === "ipc_msg_queue";
  const entries: { frame: ImageFrame; parts: ImageFrame[] }[] = [];
  for (const frame of frames) {
    if (joins && frame.part) entries.at(-1)?.parts.push(frame);
    else entries.push({ frame, parts: [] });
  }
  return entries;
}

/** What went wrong, and where; what is no fault of the archive is thrown on. */
export function problemText(error: unknown): string {
  if (!(error instanceof Fault)) throw error;
  const { entry, offset } = error.detail.where ?? {};
  const place = [
    ...(entry === undefined ? [] : [`entry ${formatCount(entry)}`]),
    ...(offset === undefined ? [] : [`offset ${formatCount(offset)}`]),
  ];
  return place.length === 0 ? error.message : `${error.message} (${place.join(", ")})`;
}
