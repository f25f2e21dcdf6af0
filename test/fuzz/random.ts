/** Chance that can be repeated: sfc32, seeded by words. The same words give the same choices. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(...seeds: readonly number[]) {
    [this.#a, this.#b, this.#c] = [0x9e3779b9, 0x243f6a88, 0xb7e15162];
    for (const seed of seeds) {
      this.#a = (this.#a ^ seed) | 0;
      this.#b = (this.#b + Math.floor(seed / 2 ** 32)) | 0;
      // So that neighbouring numbers have nothing in common.
      for (let round = 0; round < 12; round++) this.word();
    }
  }

  /** 32 bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 … limit - 1. */
  below(limit: number): number {
    return Math.floor((this.word() / 2 ** 32) * limit);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** One of several with weights. */
  weighted<T extends { weight: number }>(values: readonly T[]): T {
    const total = values.reduce((sum, { weight }) => sum + weight, 0);
    let at = (this.word() / 2 ** 32) * total;
    for (const value of values) {
      at -= value.weight;
      if (at < 0) return value;
    }
    return values.at(-1) as T;
  }

  /** A length: small ones often, large ones now and then, never above `limit`. */
  length(limit: number): number {
    const bits = this.below(Math.ceil(Math.log2(limit + 1)) + 1);
    return Math.min(limit, this.below(2 ** bits));
  }
}
