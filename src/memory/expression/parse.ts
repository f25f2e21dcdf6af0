import { type ByteSet, bytesOf, everyByte } from "./byte-set.ts";
import { character, choice, empty, opaque, repeated, type Shape, sequence } from "./shape.ts";

/**
 * What can be told of all matches of an expression; undefined where there is something in it that
 * this reader does not know. JavaScript's syntax without flag `u` or `v` (ECMA-262, annex B too).
 * @param source an expression that the engine has accepted
 * @param flags those that change what a character stands for
 */
export function shapeOf(source: string, flags: string): Shape | undefined {
  try {
    return new Reader(source, flags).read();
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

class Unknown extends Error {}

const everything = opaque(0, Number.POSITIVE_INFINITY, everyByte);
const characterEscape = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|0(?!\d)|[^\dxukc])/y;
const bracket = /\[(?:\\.|[^\]\\])*\]/sy;
const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
const deepest = 100;

class Reader {
  readonly #source: string;
  readonly #flags: string;
  readonly #sets = new Map<string, ByteSet>();
  #at = 0;
  #depth = 0;
  #looks = false;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  read(): Shape {
    const shape = this.#choices();
    if (this.#at < this.#source.length) throw new Unknown();
    // What looks around needs more at hand than what it matches.
    return this.#looks ? { ...shape, longest: Number.POSITIVE_INFINITY } : shape;
  }

  #choices(): Shape {
    this.#depth += 1;
    if (this.#depth > deepest) throw new Unknown();
    let shape = this.#terms();
    while (this.#take("|")) shape = choice(shape, this.#terms());
    this.#depth -= 1;
    return shape;
  }

  #terms(): Shape {
    let shape = empty();
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] as string)) {
      shape = sequence(shape, this.#quantified(this.#term()));
    }
    return shape;
  }

  #quantified(part: Shape): Shape {
    const match = this.#matched(quantifier);
    if (match === undefined) return part;
    const [, sign, low, comma, high] = match;
    if (sign === "*") return repeated(part, 0, Number.POSITIVE_INFINITY);
    if (sign === "+") return repeated(part, 1, Number.POSITIVE_INFINITY);
    if (sign === "?") return repeated(part, 0, 1);
    const least = Number(low);
    if (comma === "") return repeated(part, least, least);
    return repeated(part, least, high === "" ? Number.POSITIVE_INFINITY : Number(high));
  }

  #term(): Shape {
    const sign = this.#source[this.#at] as string;
    if (sign === "^" || sign === "$" || this.#source.startsWith("\\b", this.#at)) {
      this.#at += sign === "\\" ? 2 : 1;
      return empty();
    }
    if (this.#take("\\B")) return empty();
    if (this.#take("(")) return this.#group();
    // A reference to a group, or a number in the old octal way.
    if (this.#matched(/\\[1-9]\d*/y) !== undefined) return everything;
    return character(this.#character(sign));
  }

  #group(): Shape {
    const look = this.#matched(/\?<?[=!]/y) !== undefined;
    if (!look && this.#matched(/\?(?::|<[\w$]+>)/y) === undefined && this.#take("?")) {
      throw new Unknown();
    }
    const inside = this.#choices();
    if (!this.#take(")")) throw new Unknown();
    if (!look) return inside;
    this.#looks = true;
    return empty(inside.all);
  }

  #character(sign: string): ByteSet {
    const match = sign === "\\" ? this.#matched(characterEscape) : undefined;
    const atom = match?.[0] ?? (sign === "[" ? this.#matched(bracket)?.[0] : undefined);
    if (atom !== undefined) return this.#set(atom);
    if (sign === "\\" || sign === "[") throw new Unknown();
    this.#at += 1;
    // A brace or bracket that belongs to nothing stands for itself.
    return this.#set(/[{}\]]/.test(sign) ? `\\${sign}` : sign);
  }

  #set(atom: string): ByteSet {
    const set = this.#sets.get(atom) ?? bytesOf(atom, this.#flags);
    this.#sets.set(atom, set);
    return set;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #matched(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }
}
