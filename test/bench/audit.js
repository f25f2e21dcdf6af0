// Audits: of hundreds of small archives against as many runs of tar, and of a large one against
// `inspect`.
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const MiB = 2 ** 20;
const many = 500;
/** Milliseconds for each of many archives, on two cores. */
const target = 10;

/**
 * @param small an archive as a runtime writes it, large a sparse one of gigabytes
 * @param cryoscope words of the command
 */
export async function measureAudit({ folder, small, large, cryoscope, measure, rounds }) {
  const archives = join(folder, "many");
  mkdirSync(archives, { mode: 0o700 });
  for (let count = 0; count < many; count += 1) {
    copyFileSync(small.path, join(archives, `${count}.tar`));
  }
  const list = 'for archive in "$1"/*.tar; do tar -tf "$archive" >/dev/null || exit; done';
  const [, audited] = await measure(`audit of ${many} archives of ${small.size}`, rounds.few, [
    { label: `tar -t, ${many} times`, words: ["sh", "-c", list, "sh", archives] },
    {
      label: "audit --no-memory",
      words: cryoscope("audit", { path: archives }, "--no-memory", "--fail-on", "none"),
      peakLimit: 250 * MiB,
    },
    {
      label: "audit",
      words: cryoscope("audit", { path: archives }, "--fail-on", "none"),
      peakLimit: 250 * MiB,
    },
  ]);
  const each = audited.median / many;
  console.log(
    `  ${each.toFixed(1)} ms an archive, ≤ ${target} ms ${each <= target ? "ok" : "MISS"}`,
  );
  rmSync(archives, { recursive: true });

  await measure(`audit, ${large.size} (sparse)`, rounds.short, [
    { label: `inspect ${large.size}`, words: cryoscope("inspect", large) },
    {
      label: `audit --no-memory ${large.size}`,
      words: cryoscope("audit", large, "--no-memory", "--fail-on", "none"),
      limit: 2,
      peakLimit: 250 * MiB,
    },
  ]);
}
