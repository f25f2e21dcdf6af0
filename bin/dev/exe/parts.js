// What the executable is made of besides our scripts: Node (see ../nodes.js), and two libraries of GCC
// from Debian's packages, fetched once and kept below out/parts. Which release of Node it is, and the
// versions and digests of Debian's packages, stand here alone.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeDigest } from "../nodes.js";

export const nodeVersion = "24.21.0";

// Debian 11's ask for glibc 2.18 at most, so Node's own 2.28 is what a system must have. Those of
// Debian 12 would ask for 2.36, which few nodes have.
const gcc = { version: "10.2.1-6", folder: "pool/main/g/gcc-10" };

const platforms = {
  x64: {
    debian: "amd64",
    triplet: "x86_64-linux-gnu",
    debs: {
      "libstdc++6": "5c155c58935870bf3b4bfe769116841c0d286a74f59eccfd5645693ac23f06b1",
      "libgcc-s1": "e478f2709d8474165bb664de42e16950c391f30eaa55bc9b3573281d83a29daf",
      "gcc-10-base": "be65535e94f95fbf04b104e8ab36790476f063374430f7dfc6c516cbe2d2cd1e",
    },
  },
  arm64: {
    debian: "arm64",
    triplet: "aarch64-linux-gnu",
    debs: {
      "libstdc++6": "7869aa540cc46e9f3d4267d5bde2af0e5b429a820c1d6f1a4cfccfe788c31890",
      "libgcc-s1": "e2fcdb378d3c1ad1bcb64d4fb6b37aab44011152beca12a4944f435a2582df1f",
      "gcc-10-base": "7d782bece7b4a36bed045a7e17d17244cb8f7e4732466091b01412ebf215defb",
    },
  },
};

export const architectures = Object.keys(platforms);

/** The two libraries of an architecture, in the order in which they are loaded, and their terms. */
export function fetchLibraries(arch, parts, mirror) {
  const { debian, triplet, debs } = platforms[arch];
  const folder = once(join(parts, `gcc-${gcc.version}-${debian}`), (scratch) => {
    for (const [name, digest] of Object.entries(debs)) {
      const deb = `${name}_${gcc.version}_${debian}.deb`;
      const url = `${mirror ?? ownMirror()}/${gcc.folder}/${deb}`;
      const file = join(scratch, deb);
      execFileSync(downloader, ["download-file", url, file], { stdio: ["ignore", 2, 2] });
      verify(file, digest);
      execFileSync("dpkg-deb", ["-x", file, scratch]);
      rmSync(file);
    }
  });
  return {
    libraries: [
      join(folder, "usr/lib", triplet, "libstdc++.so.6"),
      join(folder, "lib", triplet, "libgcc_s.so.1"),
    ],
    terms: join(folder, "usr/share/doc/gcc-10-base/copyright"),
  };
}

/** What an executable holds that is not ours, for its bill of materials (../sbom.js). */
export function suppliedParts(arch) {
  const { debian, debs } = platforms[arch];
  const digest = Buffer.from(nodeDigest(nodeVersion, arch), "base64");
  const runtime = {
    type: "platform",
    name: `node-linux-${arch}`,
    version: nodeVersion,
    license: "MIT",
    ref: `pkg:npm/node-linux-${arch}@${nodeVersion}`,
    hash: { alg: "SHA-512", content: digest.toString("hex") },
  };
  const libraries = ["libstdc++6", "libgcc-s1"].map((name) => ({
    name,
    version: gcc.version,
    license: "GPL-3.0-or-later WITH GCC-exception-3.1",
    ref: `pkg:deb/debian/${encodeURIComponent(name)}@${gcc.version}?arch=${debian}`,
    hash: { alg: "SHA-256", content: debs[name] },
  }));
  return [runtime, ...libraries];
}

/** apt's own, which knows proxies and mirrors. */
const downloader = "/usr/lib/apt/apt-helper";

/** Where this Debian takes its packages from. */
function ownMirror() {
  const format = ["--format", "$(REPO_URI)", "Created-By: Packages"];
  const uris = execFileSync("apt-get", ["indextargets", ...format], { encoding: "utf8" });
  const mirror = uris.split("\n").find((uri) => /\/debian\/?$/.test(uri));
  if (mirror === undefined)
    throw new Error("apt knows no mirror of Debian: name one with --mirror");
  return mirror.replace(/\/$/, "");
}

/** Makes a folder whole or not at all. */
function once(folder, make) {
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    make(scratch);
    renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function verify(file, wanted) {
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (digest !== wanted) {
    throw new Error(`${file} is not what was pinned: sha256 ${digest}, not ${wanted}`);
  }
}
