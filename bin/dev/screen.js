// A terminal's screen, read: text with colour sequences (SGR) in, rows of runs of one style out.

/** The 16 colours, for what a program leaves to the terminal. */
const basic = [
  ...["#2b2f37", "#fa6e69", "#87ce8a", "#f0cd64", "#6aa6f0", "#c891e0", "#60cdd2", "#d5d9e0"],
  ...["#8c929b", "#ff8f8a", "#a5e0a8", "#ffe08a", "#8fc0ff", "#dcb0f0", "#8ae4e8", "#ffffff"],
];

function plain() {
  return { colour: undefined, back: undefined, bold: false, dim: false, inverse: false };
}

/**
 * @param captured lines as `tmux capture-pane -e` gives them.
 * @returns for each row its runs: `text`, the `column` where it begins, and its `style`. What cannot
 *   be seen is left out, so that the same picture is the same rows, whatever was drawn before.
 */
export function readScreen(captured, { rows }) {
  let style = plain();
  return captured
    .split("\n")
    .slice(0, rows)
    .map((text) => {
      const runs = [];
      style = readRuns(text, style, runs);
      return joined(runs.flatMap(visible));
    });
}

/** A run without blanks at its ends, where it has no ground of its own. */
function visible(run) {
  const { text, column, style } = run;
  if (style.back !== undefined || style.inverse) return [run];
  const bare = text.trimEnd();
  const begin = bare.trimStart();
  if (begin === "") return [];
  return [{ text: begin, column: column + [...bare].length - [...begin].length, style }];
}

/** Neighbours of one style as one. */
function joined(runs) {
  const result = [];
  for (const run of runs) {
    const last = result.at(-1);
    const near = last !== undefined && last.column + [...last.text].length === run.column;
    if (near && JSON.stringify(last.style) === JSON.stringify(run.style)) last.text += run.text;
    else result.push({ ...run });
  }
  return result;
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
