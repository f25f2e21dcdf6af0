// What is measured of differences: two archives with the same gigabyte of memory, and two of which
// one page in twenty differs, against the tools that compare files byte by byte.
import { closeSync, copyFileSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { writeCompressed } from "./archives.js";

const GiB = 2 ** 30;
const page = 4096;
/** Where the pages that are changed begin, and how far one lies behind the other. */
const first = 8 * 2 ** 20;
const step = 20 * page;

/** What exits with 1 where files differ is no failure here. */
const differing = (...words) => ["sh", "-c", '"$@"; test $? -le 1', "sh", ...words];

/**
 * @param diff words of the command for two archives
 * @param measure prints a group: title, rounds, entries
 */
export async function measureDiff({ folder, diff, measure, rounds }) {
  const [one, same, other] = ["a.tar", "b.tar", "c.tar"].map((name) => join(folder, name));
  await writeCompressed(one, GiB, ["cat"]);
  copyFileSync(one, same);
  copyFileSync(one, other);
  change(other);
  const ours = (path) => ({
    label: "diff --pages",
    words: differing(...diff(one, path), "--pages", "--no-findings"),
    limit: 2.5,
    peakLimit: 150 * 2 ** 20,
  });
  await measure("difference of 1 GiB and 1 GiB, all the same", rounds, [
    { label: "cat of both", words: ["cat", one, same] },
    ours(same),
    { label: "diff", words: differing(...diff(one, same), "--no-findings") },
    { label: "cmp", words: ["cmp", one, same] },
  ]);
  await measure("difference of 1 GiB and 1 GiB, one page in twenty", rounds, [
    { label: "cat of both", words: ["cat", one, other] },
    ours(other),
    // cmp sees where its output goes, and stops at the first difference where nobody reads it.
    { label: "cmp -l | tail", words: ["sh", "-c", 'cmp -l "$@" | tail -n 1', "sh", one, other] },
  ]);
  for (const path of [one, same, other]) rmSync(path);
}

function change(path) {
  const file = openSync(path, "r+");
  try {
    const bytes = Buffer.alloc(100, 7);
    for (let at = first; at < GiB; at += step) writeSync(file, bytes, 0, bytes.length, at);
  } finally {
    closeSync(file);
  }
}
