/** One sample of an exposition, its labels sorted. */
interface ParsedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

interface Exposition {
  samples: ParsedSample[];
  help: Map<string, string>;
  types: Map<string, string>;
}

/**
 * Reads Prometheus's text format 0.0.4 as strictly as its documents have it, and by the conventions
 * that promtool checks: each metric in one group, HELP and TYPE once and before its samples, no
 * series twice, names of base units, `_total` for counters alone.
 * @throws Error with the line
 */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const reader = new Reader();
  for (const line of text.slice(0, -1).split("\n")) reader.line(line);
  return reader.found;
}

class Reader {
  readonly found: Exposition = { samples: [], help: new Map(), types: new Map() };
  readonly #series = new Set<string>();
  readonly #groups: string[] = [];

  line(line: string): void {
    const head = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (head === null) this.#sample(parseSample(line), line);
    else this.#head(head[1] as string, head[2] as string, head[3] as string, line);
  }

  #enter(name: string, line: string): void {
    if (this.#groups.at(-1) === name) return;
    if (this.#groups.includes(name)) throw new Error(`a second group: ${line}`);
    this.#groups.push(name);
  }

  #head(what: string, name: string, rest: string, line: string): void {
    const { help, types, samples } = this.found;
    this.#enter(name, line);
    const known = what === "HELP" ? help : types;
    if (known.has(name)) throw new Error(`twice: ${line}`);
    if (samples.some((sample) => sample.name === name)) throw new Error(`late: ${line}`);
    if (what === "TYPE" && !/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) {
      throw new Error(`no type: ${line}`);
    }
    known.set(name, what === "HELP" ? plain(rest, line, false) : rest);
  }

  #sample(sample: ParsedSample, line: string): void {
    const { name, labels } = sample;
    const { help, types, samples } = this.found;
    this.#enter(name, line);
    const type = types.get(name);
    if (type === undefined || !help.has(name)) throw new Error(`no head: ${line}`);
    if (name.endsWith("_total") !== (type === "counter")) throw new Error(`name: ${line}`);
    if (/_(milliseconds|minutes|hours|kilobytes|kib|mib|percent)$/.test(name)) {
      throw new Error(`no base unit: ${line}`);
    }
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    if (this.#series.has(key)) throw new Error(`a series twice: ${line}`);
    this.#series.add(key);
    samples.push(sample);
  }
}

function parseSample(line: string): ParsedSample {
  const head = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{)?/.exec(line);
  if (head === null) throw new Error(`no sample: ${line}`);
  let rest = line.slice(head[0].length);
  const labels: Record<string, string> = {};
  if (head[2] === "{") {
    for (;;) {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"([,}])/.exec(rest);
      if (label === null) throw new Error(`no label: ${line}`);
      const [all, name, value, end] = label as unknown as [string, string, string, string];
      if (name in labels) throw new Error(`a label twice: ${line}`);
      labels[name] = plain(value, line, true);
      rest = rest.slice(all.length);
      if (end === "}") break;
    }
  }
  const number = /^ ([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|[-+]?Inf|NaN)$/.exec(rest);
  if (number === null) throw new Error(`no value: ${line}`);
  return { name: head[1] as string, labels, value: Number(number[1]) };
}

function plain(text: string, line: string, quotes: boolean): string {
  return text.replace(/\\(.?)/g, (_all, next: string) => {
    if (next === "n") return "\n";
    if (next === "\\" || (quotes && next === '"')) return next;
    throw new Error(`no escape: ${line}`);
  });
}

/** Values of a metric, by the text of a label; by nothing where it has one sample. */
export function valuesOf(
  { samples }: Exposition,
  metric: string,
  ...labels: string[]
): Record<string, number> {
  const own = samples.filter(({ name }) => name === metric);
  return Object.fromEntries(
    own.map((it) => [labels.map((label) => it.labels[label]).join(" "), it.value]),
  );
}
