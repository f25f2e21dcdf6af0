// A recording that asciinema plays (asciicast v2): a header, then an event a line.

/** @param frames `screen` (rows of runs, see screen.js), `says`, `ticks`. */
export function castOf(frames, { columns, rows }, { title, secondsPerTick }) {
  const header = { version: 2, width: columns, height: rows, title };
  const lines = [JSON.stringify(header)];
  const add = (time, ...event) => lines.push(JSON.stringify([Number(time.toFixed(3)), ...event]));
  let time = 0;
  let shown = [];
  for (const { screen, says, ticks } of frames) {
    const wanted = screen.map(rowText);
    const changes = wanted.map((row, at) => (row === shown[at] ? "" : `\u001b[${at + 1};1H${row}`));
    add(time, "m", says);
    add(time, "o", `${shown.length === 0 ? "\u001b[?25l\u001b[2J" : ""}${changes.join("")}`);
    shown = wanted;
    time += ticks * secondsPerTick;
  }
  // The last screen stays as long as it was meant to.
  add(time, "o", "");
  return `${lines.join("\n")}\n`;
}

/** A row with all of its colours, and nothing of what stood there before. */
function rowText(runs) {
  let column = 0;
  let text = "";
  for (const run of runs) {
    text += `${" ".repeat(run.column - column)}${sgr(run.style)}${run.text}\u001b[0m`;
    column = run.column + [...run.text].length;
  }
  return `${text}\u001b[K`;
}

function sgr({ colour, back, bold, dim, inverse }) {
  const codes = [
    ...(bold ? [1] : []),
    ...(dim ? [2] : []),
    ...(inverse ? [7] : []),
    ...(colour === undefined ? [] : [`38;2;${parts(colour)}`]),
    ...(back === undefined ? [] : [`48;2;${parts(back)}`]),
  ];
  return codes.length === 0 ? "" : `\u001b[${codes.join(";")}m`;
}

/** `rgb(1,2,3)` or `#010203` as `1;2;3`. */
function parts(colour) {
  if (!colour.startsWith("#")) return colour.match(/\d+/g).join(";");
  return colour
    .slice(1)
    .match(/../g)
    .map((pair) => Number.parseInt(pair, 16))
    .join(";");
}
