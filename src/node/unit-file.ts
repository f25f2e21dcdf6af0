/** `Section.Key=value` lines of a unit and its drop-ins, in order. */
export interface UnitLine {
  section: string;
  key: string;
  value: string;
}

/** Lines of a unit file: comments left out, lines that end with a backslash joined (systemd.syntax(7)). */
export function parseUnit(text: string): UnitLine[] {
  const lines: UnitLine[] = [];
  let section = "";
  let pending = "";
  for (const raw of text.split(/\r?\n/)) {
    // A comment between continued lines does not end them.
    if (/^\s*[#;]/.test(raw)) continue;
    const line = pending + raw.trim();
    if (line.endsWith("\\")) {
      pending = `${line.slice(0, -1)} `;
      continue;
    }
    pending = "";
    const head = /^\[([^\]]+)\]$/.exec(line);
    const pair = /^([^=]+?)\s*=\s*(.*)$/.exec(line);
    if (head !== null) section = head[1] as string;
    else if (pair !== null) {
      lines.push({ section, key: pair[1] as string, value: pair[2] as string });
    }
  }
  return lines;
}

/** Values of a key that is a list: an empty value takes back all before it. */
export function listValues(lines: readonly UnitLine[], section: string, key: string): string[] {
  let values: string[] = [];
  for (const line of lines) {
    if (line.section !== section || line.key !== key) continue;
    values = line.value === "" ? [] : [...values, line.value];
  }
  return values;
}

/** The words of a value: quotes hold blanks together, backslashes escape. */
export function splitWords(value: string): string[] {
  const words: string[] = [];
  const word = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+/g;
  for (const [found] of value.matchAll(word)) {
    words.push(
      found.replace(
        /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\\(.)/g,
        (_, double?: string, single?: string, escaped?: string) =>
          escaped ?? (double ?? single ?? "").replace(/\\(.)/g, "$1"),
      ),
    );
  }
  return words;
}

/** `KEY=value` lines of an environment file: comments, quotes, later lines win. */
export function parseEnvironmentFile(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.replace(/\\\r?\n/g, "").split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match === null) continue;
    const value = match[2] as string;
    const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
    variables.set(match[1] as string, quoted === null ? value : (quoted[2] as string));
  }
  return variables;
}

/**
 * The words of an `ExecStart=`, its variables replaced as systemd does: `$NAME` alone becomes as
 * many words as its value has, `${NAME}` stays in its word; `%%` is a per cent sign.
 */
export function expandCommand(command: string, variables: ReadonlyMap<string, string>): string[] {
  return splitWords(command.replace(/^[-@:+!|]+/, "")).flatMap((word) => {
    const alone = /^\$([A-Za-z_]\w*)$/.exec(word);
    if (alone !== null) return splitWords(variables.get(alone[1] as string) ?? "");
    return word
      .replace(
        /\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g,
        (all, braced?: string, bare?: string) =>
          all === "$$" ? "$" : (variables.get((braced ?? bare) as string) ?? ""),
      )
      .replaceAll("%%", "%");
  });
}

const spans: Readonly<Record<string, number>> = {
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  "": 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** Milliseconds of a systemd time span such as `15`, `1min 30s`; undefined for others (`infinity`). */
export function parseSpan(text: string): number | undefined {
  let total = 0;
  const rest = text
    .trim()
    .replace(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/g, (all, number, unit: string) => {
      const scale = spans[unit];
      if (scale === undefined) return all as string;
      total += Number(number) * scale;
      return "";
    });
  return rest === "" && text.trim() !== "" ? total : undefined;
}
