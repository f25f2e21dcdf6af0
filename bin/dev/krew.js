// Fills in the Krew manifest for a release, and prints it.
//
//   node bin/dev/krew.js VERSION SHA256SUMS URL HOMEPAGE > cryoscope.yaml
//
// VERSION is 1.2.3; SHA256SUMS is what sha256sum printed of the release's files, among them
// cryoscope-linux-x64.tar.gz or cryoscope-linux-arm64.tar.gz (see krewArchive) or both; URL is the folder
// that they are published in.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const template = new URL("../../deploy/krew/cryoscope.yaml", import.meta.url);

/**
 * @param release version without a `v`, checksums as sha256sum prints them, URLs without a slash at the end.
 * @returns the manifest as Krew reads it, with the platforms whose archives have a checksum.
 */
export function krewManifest({ version, sums, url, homepage }) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    throw new Error(`"${version}" is no version: 1.2.3`);
  for (const address of [url, homepage]) {
    if (!/^https:\/\/[^\s"\\]+[^\s"\\/]$/.test(address))
      throw new Error(`"${address}" is no https URL`);
  }
  const hashes = hashesIn(sums);
  const values = { VERSION: `v${version}`, URL: url, HOMEPAGE: homepage };
  const filled = readFileSync(template, "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/@([A-Z]+)@/g, (_, name) => values[name]);
  const [head, ...platforms] = filled.split(/^(?= {4}- selector:)/m);
  const built = platforms.flatMap((platform) => {
    const [place, file] = /@SHA256 (.+)@/.exec(platform);
    const hash = hashes.get(file);
    return hash === undefined ? [] : [platform.replace(place, hash)];
  });
  if (built.length === 0) throw new Error("the checksums have no archive that Krew could install");
  return [head, ...built].join("");
}

function hashesIn(sums) {
  const lines = sums.split("\n").map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line));
  return new Map(lines.flatMap((line) => (line === null ? [] : [[line[2], line[1]]])));
}

/**
 * Makes of an executable what Krew can install, which takes archives only; the same bytes for the same files.
 * @param folder with `cryoscope-linux-ARCH` and its `.LICENSES`, where the archive goes too.
 * @param arch `x64` or `arm64`.
 * @param epoch seconds since 1970 that the files in it bear.
 * @returns the archive's name.
 */
export function krewArchive(folder, arch, epoch) {
  const name = `cryoscope-linux-${arch}`;
  const plain = "--owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --sort=name --format=ustar";
  execFileSync(
    "tar",
    [
      ...plain.split(" "),
      `--mtime=@${epoch}`,
      "-I",
      "gzip -n9",
      "-cf",
      `${name}.tar.gz`,
      name,
      `${name}.LICENSES`,
    ],
    { cwd: folder },
  );
  return `${name}.tar.gz`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version, sums, url, homepage] = process.argv.slice(2);
  if (homepage === undefined) {
    console.error("usage: node bin/dev/krew.js VERSION SHA256SUMS URL HOMEPAGE");
    process.exit(2);
  }
  process.stdout.write(krewManifest({ version, sums: readFileSync(sums, "utf8"), url, homepage }));
}
