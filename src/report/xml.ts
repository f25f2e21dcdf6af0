import { sanitize } from "../base/text.ts";

/** An element of an XML document. */
export interface Xml {
  /** Its opening tag. */
  open: string;
  /** All of it, in lines behind an indent, without a last line break. */
  text(indent: string): string;
}

/**
 * An element with text or with elements. Texts may come from an archive: controls and what hides
 * are shown as escapes, and what XML 1.0 has no way to write is left out.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: readonly Xml[] | string = [],
): Xml {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const head = `<${name}${words.join("")}`;
  return {
    open: `${head}>`,
    text(indent) {
      if (content.length === 0) return `${indent}${head}/>`;
      if (typeof content === "string") return `${indent}${head}>${textOf(content)}</${name}>`;
      const inner = content.map((child) => child.text(`${indent}  `)).join("\n");
      return `${indent}${head}>\n${inner}\n${indent}</${name}>`;
    },
  };
}

function attribute(value: string): string {
  return escapeXml(sanitize(value));
}

/** Line breaks stay: whoever puts lines together has made each of them one. */
function textOf(value: string): string {
  return value
    .split("\n")
    .map((line) => escapeXml(sanitize(line)))
    .join("\n");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] as string)
    .replace(/[\ufffe\uffff]/g, "");
}
