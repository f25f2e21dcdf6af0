// Fills in the Krew manifest for a release, and prints it.
//
//   node bin/dev/krew.js VERSION SHA256SUMS URL HOMEPAGE > cryoscope.yaml
//
// VERSION is 1.2.3; SHA256SUMS is what sha256sum printed of the release's files, among them
// cryoscope-linux-x64.tar.gz and cryoscope-linux-arm64.tar.gz (see krewArchive); URL is the folder that
// they are published in.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const template = new URL("../../deploy/krew/cryoscope.yaml", import.meta.url);

/**
 * @param release version without a `v`, checksums as sha256sum prints them, URLs without a slash at the end.
 * @returns the manifest as Krew reads it.
 */
export function krewManifest({ version, sums, url, homepage }) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    throw new Error(`"${version}" is no version: 1.2.3`);
  for (const address of [url, homepage]) {
    if (!/^https:\/\/[^\s"\\]+[^\s"\\/]$/.test(address))
      throw new Error(`"${address}" is no https URL`);
  }
  const values = { VERSION: `v${version}`, URL: url, HOMEPAGE: homepage };
  return readFileSync(template, "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/@([^@]+)@/g, (_, name) => values[name] ?? hashOf(name, sums));
}

function hashOf(name, sums) {
  const file = name.replace(/^SHA256 /, "");
  const lines = sums.split("\n").map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? []);
  const hash = lines.find(([, , path]) => path === file)?.[1];
  if (hash === undefined) throw new Error(`the checksums have none of ${file}`);
  return hash;
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
