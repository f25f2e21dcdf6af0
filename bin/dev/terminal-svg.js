// A terminal's screen as a picture: rows of runs (screen.js) in, SVG out.

const cell = { width: 8.4, height: 18 };
const margin = 14;
const ground = "#16181d";
const ink = "#d5d9e0";
const caption = "#6aa6f0";

/**
 * @param screen rows of runs.
 * @param title what the picture shows, for those who do not see it.
 */
export function terminalSvg(screen, size, title) {
  const body = drawnRows(screen).map((row, at) =>
    row === "" ? "" : `<g transform="translate(0 ${margin + at * cell.height})">${row}</g>`,
  );
  return picture(size, 0, title, body.filter((text) => text !== "").join("\n"));
}

/**
 * Screens one after the other, without a script: each is visible for its ticks, again and again. Rows
 * that several screens have stand in it once. Who wants no motion sees the first.
 * @param frames `screen`, `says` (a line below it), `ticks`.
 */
export function animatedSvg(frames, size, { title, secondsPerTick }) {
  const known = new Map();
  const all = frames.reduce((sum, { ticks }) => sum + ticks, 0);
  const share = (ticks) => Number(((ticks / all) * 100).toFixed(3));
  const stays = [...new Set(frames.map(({ ticks }) => ticks))].sort();
  const rules = stays.map(
    (ticks) =>
      `@keyframes s${ticks}{0%{visibility:visible}${share(ticks)}%,100%{visibility:hidden}}`,
  );
  let begun = 0;
  const groups = frames.map(({ screen, says, ticks }, number) => {
    const rows = drawnRows(screen).map((row, at) => {
      if (row === "") return "";
      if (!known.has(row)) known.set(row, `r${known.size}`);
      return `<use href="#${known.get(row)}" y="${margin + at * cell.height}"/>`;
    });
    const delay = Number((begun * secondsPerTick).toFixed(3));
    begun += ticks;
    const words = `<text x="${margin}" y="${margin + size.rows * cell.height + 22}" fill="${caption}">${number + 1}/${frames.length}  ${escaped(says)}</text>`;
    return `<g class="f" style="animation-name:s${ticks};animation-delay:${delay}s">${rows.join("")}${words}</g>`;
  });
  const style = `<style>.f{visibility:hidden;animation-duration:${Number((all * secondsPerTick).toFixed(3))}s;animation-timing-function:step-end;animation-iteration-count:infinite}.f:first-of-type{visibility:visible}${rules.join("")}@media (prefers-reduced-motion:reduce){.f{animation:none}}</style>`;
  const rows = [...known].map(([row, id]) => `<g id="${id}">${row}</g>`);
  return picture(
    size,
    30,
    title,
    `${style}\n<defs>${rows.join("\n")}</defs>\n${groups.join("\n")}`,
  );
}

/** What is drawn of each row, at the top of the picture. */
function drawnRows(screen) {
  return screen.map((runs) => runs.map(drawn).join(""));
}

function picture({ columns, rows }, below, title, body) {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = Math.ceil(rows * cell.height + 2 * margin) + below;
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
<title>${escaped(title)}</title>
<style>text{white-space:pre}</style>
<rect width="100%" height="100%" rx="8" fill="${ground}"/>
${body}
</svg>
`;
}

function drawn({ text, column, style }) {
  const x = rounded(margin + column * cell.width);
  const colour = style.inverse ? (style.back ?? ground) : (style.colour ?? ink);
  const back = style.inverse ? (style.colour ?? ink) : style.back;
  const box =
    back === undefined
      ? ""
      : `<rect x="${x}" width="${rounded([...text].length * cell.width)}" height="${cell.height}" fill="${back}"/>`;
  if (text.trim() === "") return box;
  const marks = `${style.bold ? ' font-weight="bold"' : ""}${style.dim ? ' opacity="0.6"' : ""}`;
  // textLength keeps columns in line whatever font the reader has.
  return `${box}<text x="${x}" y="14" textLength="${rounded([...text].length * cell.width)}" lengthAdjust="spacingAndGlyphs" fill="${colour}"${marks}>${escaped(text)}</text>`;
}

function rounded(value) {
  return Number(value.toFixed(1));
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
