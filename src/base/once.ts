/** Answers that are worked out when they are first asked for, and once. */
export class Once {
  readonly #answers = new Map<string, Promise<unknown>>();

  /** @param key of the question; questions with one key have answers of one type. */
  ask<T>(key: string, answer: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const asking = answer();
    this.#answers.set(key, asking);
    return asking;
  }
}
