// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control sequences are what this reads
/**
 * A terminal that understands what the UI writes, and nothing else: whole rows, colours, erasing.
 * Anything that it does not know is an error, so that no foreign sequence passes unseen.
 */
export class FakeScreen {
  readonly #rows: string[] = [];
  #row = 0;
  /** Everything that was written, as it came. */
  raw = "";

  write(text: string): void {
    this.raw += text;
    const tokens =
      text.match(
        /\u001b\][^\u0007]*(?:\u0007|\u001b\\)|\u001b\[[?\d;]*[A-Za-z]|[^\u001b]+|[\s\S]/g,
      ) ?? [];
    for (const token of tokens) this.#token(token);
  }

  #token(token: string): void {
    if (!token.startsWith("\u001b")) {
      if (/[\u0000-\u001f\u007f-\u009f]/.test(token)) {
        throw new Error(`control characters on the terminal: ${JSON.stringify(token)}`);
      }
      this.#rows[this.#row] = (this.#rows[this.#row] ?? "") + token;
      return;
    }
    const place = /^\u001b\[(\d+);1H$/.exec(token);
    if (place !== null) {
      this.#row = Number(place[1]) - 1;
      this.#rows[this.#row] = "";
      return;
    }
    if (token === "\u001b[2J") {
      this.#rows.length = 0;
      return;
    }
    // Colours, modes, erasing to the end of a row that is empty already, and OSC.
    if (/^\u001b(\[[\d;]*m|\[\?\d+[hl]|\[K|\[H|\])/.test(token)) return;
    throw new Error(`a sequence that the terminal does not know: ${JSON.stringify(token)}`);
  }

  /** The rows as text, without trailing blanks. */
  get lines(): string[] {
    return Array.from(this.#rows, (row) => (row ?? "").trimEnd());
  }

  get text(): string {
    return this.lines.join("\n");
  }
}
