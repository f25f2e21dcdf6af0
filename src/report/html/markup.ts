import { sanitize } from "../../base/text.ts";

/** Text that is HTML already: what `html` makes, and our style sheet. All else is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: nothing, text (escaped), HTML, or a row of these. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Makes foreign text harmless between tags and in quoted attributes. Control and bidirectional
 * characters are shown as escapes, as on a terminal: they would hide or reorder what is read.
 */
export function escapeHtml(value: string): string {
  return sanitize(value).replace(/[&<>"'`]/g, (character) => entities[character] as string);
}

/** A template of HTML: every value in it is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] as string;
  parts.forEach((part, at) => {
    text += render(part) + strings[at + 1];
  });
  return new Html(text);
}

export function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
}

/** Our own sentences: what stands in backquotes is code. */
export function prose(text: string): Part {
  return text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A time as people read it; what is no time is shown as it is. */
export function timeOf(value: string | null): Part {
  if (value === null) return null;
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  if (match === null) return value;
  const zone = match[3] === "Z" ? "UTC" : match[3];
  return html`<time datetime="${value}">${match[1]} ${match[2]} ${zone}</time>`;
}

/** Names with their values; those without a value are left out. */
export function factList(facts: readonly (readonly [name: string, value: Part])[]): Html {
  const known = facts.filter(([, value]) => render(value) !== "");
  return html`<dl>${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
