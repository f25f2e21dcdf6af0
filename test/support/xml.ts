/** An element of a parsed document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const allowed = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const token =
  /<\?xml [^?]*\?>|<(?<close>\/)?(?<name>[A-Za-z][\w-]*)(?<attributes>(?:\s+[\w:-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/gy;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Parses XML 1.0 of elements, attributes and text; throws for whatever is not well formed. */
export function parseXml(text: string): XmlElement {
  if (!allowed.test(text)) throw new Error("a character that XML 1.0 does not have");
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  let end = 0;
  for (const { 0: whole, index, groups = {} } of text.matchAll(token)) {
    end = index + whole.length;
    const parent = open.at(-1) as XmlElement;
    if (groups["text"] !== undefined) parent.text += decode(groups["text"]);
    else if (groups["close"] !== undefined) {
      if (open.pop()?.name !== groups["name"])
        throw new Error(`</${groups["name"]}> closes nothing`);
    } else if (groups["name"] !== undefined) {
      const element = {
        name: groups["name"],
        attributes: attributesOf(groups["attributes"] ?? ""),
        children: [],
        text: "",
      };
      parent.children.push(element);
      if (groups["empty"] === undefined) open.push(element);
    }
  }
  if (end !== text.length) throw new Error(`no XML at ${end}: ${text.slice(end, end + 40)}`);
  const [only, second] = root.children;
  if (open.length !== 1 || only === undefined || second !== undefined || root.text.trim() !== "") {
    throw new Error("not one element");
  }
  return only;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(found, name as string)) throw new Error(`${name} stands there twice`);
    found[name as string] = decode(value as string);
  }
  return found;
}

function decode(text: string): string {
  return text.replace(/&(\w*;)?/g, (whole, name: string | undefined) => {
    const value = entities[name?.slice(0, -1) ?? ""];
    if (value === undefined) throw new Error(`no entity: ${whole}`);
    return value;
  });
}
