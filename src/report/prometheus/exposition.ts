import { sanitize } from "../../base/text.ts";

/** One value, with the labels that tell it from others of its metric. */
export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** What is measured. All of ours are states at the time of a run, so all are gauges. */
export interface Metric {
  name: string;
  help: string;
  /** No two with the same labels. */
  samples: readonly Sample[];
}

/** Metrics in Prometheus's text format 0.0.4. One without samples is left out. */
export function* renderExposition(metrics: Iterable<Metric>): Generator<string> {
  for (const { name, help, samples } of metrics) {
    if (samples.length === 0) continue;
    yield `# HELP ${name} ${escaped(help)}\n# TYPE ${name} gauge\n`;
    for (const { labels = {}, value } of samples) {
      const told = Object.entries(labels).map(([label, text]) => `${label}="${quoted(text)}"`);
      yield `${name}${told.length === 0 ? "" : `{${told.join(",")}}`} ${value}\n`;
    }
  }
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** Foreign text: what could move a cursor is an escape first. */
function quoted(text: string): string {
  return escaped(sanitize(text)).replaceAll('"', '\\"');
}
