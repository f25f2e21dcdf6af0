// The table for people.

const columns = [
  { title: "", width: 30, left: true, of: ({ label }) => label },
  { title: "runs", width: 5, of: ({ runs }) => String(runs) },
  { title: "median", width: 10, of: ({ median }) => duration(median) },
  { title: "p10", width: 10, of: ({ p10 }) => duration(p10) },
  { title: "ratio", width: 8, of: ({ ratio }) => (ratio === undefined ? "" : ratio.toFixed(3)) },
  { title: "target", width: 13, of: (row) => verdict(row, row.ratio, row.limit, String) },
  { title: "memory", width: 10, of: ({ peak }) => (peak === undefined ? "?" : mebibytes(peak)) },
  { title: "target", width: 15, of: (row) => verdict(row, row.peak, row.peakLimit, mebibytes) },
];

export function printTitle(text) {
  console.log(text);
}

export function printGroup({ title, against, rows }) {
  console.log(`\n${title}; ratio to: ${against}`);
  console.log(line(columns.map((column) => column.title)));
  for (const row of rows) {
    const failed = row.status === 0 ? "" : `  exit status ${row.status}`;
    console.log(line(columns.map(({ of }) => of(row))) + failed);
  }
}

function line(cells) {
  const padded = columns.map(({ width, left }, index) =>
    left ? cells[index].padEnd(width) : cells[index].padStart(width),
  );
  return `  ${padded.join("")}`.trimEnd();
}

function verdict({ status }, value, limit, format) {
  if (limit === undefined || value === undefined) return "";
  // A command that fails at once is fast.
  return `≤ ${format(limit)} ${status === 0 && value <= limit ? "ok" : "MISS"}`;
}

function duration(ms) {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
