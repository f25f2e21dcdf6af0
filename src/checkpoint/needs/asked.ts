import type { Place } from "../../base/errors.ts";
import { Once } from "../../base/once.ts";
import type { Checkpoint } from "../checkpoint.ts";

/** A checkpoint with a memory: answers that several questions need are made once. */
export interface Asked {
  readonly checkpoint: Checkpoint;
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** Asks one checkpoint. */
export function asking(checkpoint: Checkpoint): Asked {
  const answers = new Once();
  return { checkpoint, once: (key, make) => answers.ask(key, make) };
}

/** Where a fact was read. All that is known is given. */
export interface FactPlace extends Place {
  /** Place in a JSON document: `/linux/seccomp` (RFC 6901). */
  pointer?: string;
  /** Pid inside the container. */
  pid?: number;
  /** Descriptor of `pid`. */
  fd?: number;
}
