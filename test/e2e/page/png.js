// Reads the PNGs that Chromium makes: 8 bits a channel, RGB or RGBA, not interlaced.
import { inflateSync } from "node:zlib";

/** Colours of a picture with how many pixels have each, the most frequent first. */
export function colours(png) {
  const { width, height, channels, rows } = decode(png);
  const counts = new Map();
  for (const row of rows) {
    for (let at = 0; at < row.length; at += channels) {
      const colour = (row[at] << 16) | (row[at + 1] << 8) | row[at + 2];
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return { width, height, shares: sorted.map(([colour, n]) => [colour, n / (width * height)]) };
}

function decode(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = { 2: 3, 6: 4 }[png[25]];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error("another PNG");
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) !== "IDAT") continue;
    parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const bytes = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const rows = [];
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const row = bytes.subarray(start + 1, start + 1 + stride);
    unfilter(bytes[start], row, above, channels);
    rows.push(row);
    above = row;
  }
  return { width, height, channels, rows };
}

// PNG, 9.2: each byte is told as a difference from those left (a), above (b) and both (c).
const predictions = [
  () => 0,
  (a) => a,
  (_, b) => b,
  (a, b) => (a + b) >> 1,
  (a, b, c) => {
    const [left, up, both] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return left <= up && left <= both ? a : up <= both ? b : c;
  },
];

function unfilter(kind, row, above, channels) {
  const predict = predictions[kind];
  for (let at = 0; at < row.length; at++) {
    const a = at < channels ? 0 : row[at - channels];
    const c = at < channels ? 0 : above[at - channels];
    row[at] += predict(a, above[at], c);
  }
}
