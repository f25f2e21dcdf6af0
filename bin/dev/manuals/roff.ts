// Text as man(7) wants it. Everything comes out as ASCII, in lines of at most 78 characters of text.

const glyphs: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "^": "\\(ha",
  "~": "\\(ti",
  "`": "\\(ga",
};

/** Text of a program: options, paths, lines for a shell. Hyphens and quotes stay what they are. */
export function literal(text: string): string {
  return escaped(text).replaceAll("-", "\\-").replaceAll("'", "\\(aq");
}

/** Prose: hyphens may be typeset as such. */
function escaped(text: string): string {
  return text
    .replace(/[\\^~`]/g, (character) => glyphs[character] as string)
    .replace(/[^\n -~]/gu, (character) => {
      const code = (character.codePointAt(0) as number).toString(16).toUpperCase();
      return `\\[u${code.padStart(4, "0")}]`;
    });
}

/** A word in bold, as options and commands are. */
export function bold(text: string): string {
  return `\\fB${literal(text)}\\fR`;
}

/**
 * One paragraph: `code`, options and commands in bold, UPPER-CASE words as they are. A word with a
 * dot, slash, digit or underscore is a name, whose hyphens are minus signs.
 */
export function prose(text: string): string {
  const marked = text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.length > 2 && part.startsWith("`") ? bold(part.slice(1, -1)) : words(part),
    )
    .join("");
  return filled(marked);
}

function words(text: string): string {
  return text
    .split(/(\s+)/)
    .map((word) => {
      const [, before = "", core = "", after = ""] = /^([("]*)(.*?)([).,;:"]*)$/s.exec(word) ?? [];
      if (/^--?[a-zA-Z][\w-]*$/.test(core)) return `${before}${bold(core)}${after}`;
      return core === "-" || /[./\d_=]/.test(core)
        ? `${escaped(before)}${literal(core)}${escaped(after)}`
        : escaped(word);
    })
    .join("");
}

/** Lines of at most 78 characters, none of which begins with a control character. */
export function filled(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((it) => it !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 78) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map(guarded).join("\n");
}

/** A line that stands as it is: a dot or quote at its beginning would be a request. */
export function guarded(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/** An argument of a macro: `.SH "EXIT STATUS"`. */
export function quoted(text: string): string {
  const safe = escaped(text).replaceAll('"', "\\(dq");
  return /^[\w.-]+$/.test(safe) ? safe : `"${safe}"`;
}
