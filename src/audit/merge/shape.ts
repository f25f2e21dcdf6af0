import { ArchiveError } from "../../base/errors.ts";
import { isObject } from "../../base/json-object.ts";

/** Reads a value that came from elsewhere as what it should be. @throws ArchiveError with its place */
export type Read<T> = (value: unknown, pointer: string) => T;

/** What a value is, where it is not what it should be. */
function wrong(value: unknown, pointer: string, allowed: string): ArchiveError {
  const found = value === undefined ? "nothing" : JSON.stringify(value);
  return new ArchiveError({
    code: "report-shape",
    what: `the report has something else at ${pointer} than an audit prints`,
    found: found.length > 60 ? `${found.slice(0, 60)}…` : found,
    allowed,
    next: "take the report from its node again",
  });
}

export const text: Read<string> = (value, pointer) => {
  if (typeof value !== "string") throw wrong(value, pointer, "a text");
  return value;
};

export const flag: Read<boolean> = (value, pointer) => {
  if (typeof value !== "boolean") throw wrong(value, pointer, "true or false");
  return value;
};

/** A whole number from 0 on that JavaScript can hold. */
export const whole: Read<number> = (value, pointer) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw wrong(value, pointer, "a whole number from 0 on");
  }
  return value as number;
};

/** `0x…`, 64 bits. */
export const address: Read<bigint> = (value, pointer) => {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,16}$/.test(value)) {
    throw wrong(value, pointer, "0x and up to 16 hexadecimal digits");
  }
  return BigInt(value);
};

/** A time as RFC 3339 has it, in text. */
export const time: Read<string> = (value, pointer) => {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
  if (typeof value !== "string" || !form.test(value)) {
    throw wrong(value, pointer, "a time such as 2026-11-22T00:00:00Z");
  }
  return value;
};

/** A text of a form. */
export function matching(form: RegExp, allowed: string): Read<string> {
  return (value, pointer) => {
    if (typeof value !== "string" || !form.test(value)) throw wrong(value, pointer, allowed);
    return value;
  };
}

export function oneOf<T extends string>(words: readonly T[]): Read<T> {
  return (value, pointer) => {
    if (!words.includes(value as T)) throw wrong(value, pointer, words.join(", "));
    return value as T;
  };
}

export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, pointer) => (value === null ? null : read(value, pointer));
}

export function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, pointer) => {
    if (!Array.isArray(value)) throw wrong(value, pointer, "a list");
    return value.map((entry, at) => read(entry, `${pointer}/${at}`));
  };
}

type Shapes<T> = { [Key in keyof Required<T>]: Read<T[Key]> };

/**
 * An object with these entries; others are left out.
 * @param optional names that may be missing
 */
export function object<T extends object>(
  shapes: Shapes<T>,
  optional: readonly (keyof T)[] = [],
): Read<T> {
  const entries = Object.entries(shapes) as [keyof T & string, Read<unknown>][];
  const free = new Set<PropertyKey>(optional);
  return (value, pointer) => {
    if (!isObject(value)) throw wrong(value, pointer, "an object");
    const result: Record<string, unknown> = {};
    for (const [name, read] of entries) {
      const entry = value[name];
      if (entry === undefined && free.has(name)) continue;
      result[name] = read(entry, `${pointer}/${name}`);
    }
    return result as T;
  };
}

/** An object of which any entry may be missing. */
export function partial<T extends object>(shapes: Shapes<T>): Read<T> {
  return object(shapes, Object.keys(shapes) as (keyof T)[]);
}

/** An object whose names nobody knows before. */
export function record<T>(read: Read<T>): Read<Record<string, T>> {
  return (value, pointer) => {
    if (!isObject(value)) throw wrong(value, pointer, "an object");
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, read(entry, `${pointer}/${name}`)]),
    );
  };
}
