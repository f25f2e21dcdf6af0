import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  escapeHtml,
  factList,
  html,
  prose,
  render,
  timeOf,
} from "../../../src/report/html/markup.ts";
import { unsafe } from "../unsafe.ts";

// What a page could be broken with, among all that Unicode has.
const foreign = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      ..."<>\"'`&=/!-;#x{}",
      "</style>",
      "<!--",
      "-->",
      "]]>",
      "\u202e",
      "\n",
      "a",
    ),
  }),
);

describe("templates of HTML", () => {
  it("let no text out of an element or an attribute", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const page = html`<p title="${text}">${text}</p>`.text;
        // One element, one attribute, and no character that could end either.
        const match = /^<p title="([^"'<>`]*)">([^"'<>`]*)<\/p>$/.exec(page);
        expect(match).not.toBeNull();
        expect(match?.[1]).toBe(match?.[2]);
      }),
    );
  });

  it("show what a browser would hide, reorder or act on", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        expect(escapeHtml(text)).not.toMatch(unsafe);
      }),
    );
    expect(escapeHtml("a\u202eb\u001b[31m\u200b")).toBe("a\\u{202e}b\\x1b[31m\\u{200b}");
  });

  it("tell the same text again to whoever decodes it", () => {
    const text = "<a href='x' title=\"y\">`&amp;`</a>";
    const decoded = escapeHtml(text)
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&#96;", "`")
      .replaceAll("&amp;", "&");
    expect(decoded).toBe(text);
  });

  it("put HTML in as it is, and nothing for what is not there", () => {
    expect(html`<b>${[html`<i>${"<"}</i>`, null, undefined, false, 0]}</b>`.text).toBe(
      "<b><i>&lt;</i>0</b>",
    );
  });

  it("make code of what stands in backquotes, and escape it too", () => {
    expect(render(prose("run `cryoscope <x>` now"))).toBe(
      "run <code>cryoscope &lt;x&gt;</code> now",
    );
  });

  it("show times of the archive as times, and what is none as text", () => {
    expect(render(timeOf("2026-11-21T21:20:14.5Z"))).toBe(
      '<time datetime="2026-11-21T21:20:14.5Z">2026-11-21 21:20:14 UTC</time>',
    );
    expect(render(timeOf('"><script>'))).toBe("&quot;&gt;&lt;script&gt;");
  });

  it("leave out facts without a value", () => {
    expect(
      factList([
        ["A", null],
        ["B", ""],
        ["C", "c"],
      ]).text,
    ).toBe("<dl><div><dt>C</dt><dd>c</dd></div></dl>");
  });
});
