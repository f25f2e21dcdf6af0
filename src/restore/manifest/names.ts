/** Longest label, and longest name of most objects (RFC 1123). */
const labelLength = 63;
const nameLength = 253;

export function isLabel(text: string): boolean {
  return text.length <= labelLength && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

/** Labels with dots between them, as objects are named. */
export function isObjectName(text: string): boolean {
  return (
    text.length <= nameLength &&
    text.split(".").every((part) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(part))
  );
}

/** A label as like a text as can be: `My_Web` becomes `my-web`. */
export function labelLike(text: string, otherwise: string): string {
  const kept = plain(text.slice(0, 1000)).replaceAll(".", "-").slice(0, labelLength);
  return trimmed(kept) || otherwise;
}

/** A name of an object as like a text as can be, with something behind it. */
export function objectNameLike(text: string, behind: string, otherwise: string): string {
  const kept = plain(text.slice(0, 1000)).slice(0, nameLength - behind.length);
  const parts = kept.split(".").map(trimmed);
  return `${parts.filter((part) => part !== "").join(".") || otherwise}${behind}`;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
}

function trimmed(text: string): string {
  return text.replace(/^-+|-+$/g, "");
}

/** Gives out labels, each once. */
export class Labels {
  readonly #next = new Map<string, number>();

  /** The label itself, or one with a number behind it. */
  take(wanted: string): string {
    let number = this.#next.get(wanted);
    if (number === undefined) {
      this.#next.set(wanted, 2);
      return wanted;
    }
    let label: string;
    do {
      const behind = `-${number}`;
      label = `${wanted.slice(0, labelLength - behind.length)}${behind}`;
      number += 1;
    } while (this.#next.has(label));
    this.#next.set(wanted, number);
    this.#next.set(label, 2);
    return label;
  }
}
