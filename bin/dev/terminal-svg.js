// A terminal's screen as a picture: text with colour sequences (SGR) in, SVG out.

const cell = { width: 8.4, height: 18 };
const margin = 14;
const ground = "#16181d";
const ink = "#d5d9e0";

/** The 16 colours, for what a program leaves to the terminal. */
const basic = [
  ...["#2b2f37", "#fa6e69", "#87ce8a", "#f0cd64", "#6aa6f0", "#c891e0", "#60cdd2", "#d5d9e0"],
  ...["#8c929b", "#ff8f8a", "#a5e0a8", "#ffe08a", "#8fc0ff", "#dcb0f0", "#8ae4e8", "#ffffff"],
];

/**
 * @param screen lines as `tmux capture-pane -e` gives them.
 * @param title what the picture shows, for those who do not see it.
 */
export function terminalSvg(screen, { columns, rows }, title) {
  const lines = screen.split("\n").slice(0, rows);
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = Math.ceil(rows * cell.height + 2 * margin);
  const body = [];
  let style = plain();
  lines.forEach((text, row) => {
    const runs = [];
    style = readRuns(text, style, runs);
    body.push(...runs.map((run) => drawn(run, row)));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${ground}"/>
${body.filter((text) => text !== "").join("\n")}
</svg>
`;
}

function plain() {
  return { colour: undefined, back: undefined, bold: false, dim: false, inverse: false };
}

/** Cuts a line into runs of one style; gives the style at its end. */
function readRuns(text, begin, runs) {
  let style = begin;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  for (const token of text.match(/\u001b\[[\d;:]*m|[^\u001b]+/g) ?? []) {
    if (token.startsWith("\u001b")) {
      style = applied(style, token.slice(2, -1).split(/[;:]/).map(Number));
      continue;
    }
    runs.push({ text: token, column, style });
    column += [...token].length;
  }
  return style;
}

function applied(before, codes) {
  let style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at];
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1));
      style[code === 38 ? "colour" : "back"] = colour;
      at += used;
    } else style = simple(style, code);
  }
  return style;
}

function simple(style, code) {
  if (code === 0) return plain();
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, colour: undefined };
  if (code === 49) return { ...style, back: undefined };
  if (code >= 30 && code <= 37) return { ...style, colour: basic[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: basic[code - 82] };
  if (code >= 40 && code <= 47) return { ...style, back: basic[code - 40] };
  return style;
}

/** A colour of 256 or of 24 bits, and how many numbers it took. */
function extended([kind, ...rest]) {
  if (kind === 2) return [`rgb(${rest.slice(0, 3).join(",")})`, 4];
  const [number = 0] = rest;
  if (number < 16) return [basic[number], 2];
  if (number >= 232) {
    const level = 8 + (number - 232) * 10;
    return [`rgb(${level},${level},${level})`, 2];
  }
  const steps = [0, 95, 135, 175, 215, 255];
  const cube = number - 16;
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return [`rgb(${parts.map((part) => steps[part]).join(",")})`, 2];
}

function drawn({ text, column, style }, row) {
  const x = (margin + column * cell.width).toFixed(1);
  const y = margin + row * cell.height;
  const width = ([...text].length * cell.width).toFixed(1);
  const colour = style.inverse ? (style.back ?? ground) : (style.colour ?? ink);
  const back = style.inverse ? (style.colour ?? ink) : style.back;
  const box =
    back === undefined
      ? ""
      : `<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${back}"/>`;
  if (text.trim() === "") return box;
  const marks = `${style.bold ? ' font-weight="bold"' : ""}${style.dim ? ' opacity="0.6"' : ""}`;
  // textLength keeps columns in line whatever font the reader has.
  return `${box}<text x="${x}" y="${y + 14}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill="${colour}"${marks}>${escaped(text)}</text>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
