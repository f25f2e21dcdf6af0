// Roots without Node.js in which the executable runs, below a folder in a mount namespace of our own,
// so that nothing stays mounted. Each is read-only, but for /tmp/out where a command is told to write.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const glibc = {
  x64: {
    folder: "lib/x86_64-linux-gnu",
    linker: "lib64/ld-linux-x86-64.so.2",
  },
  arm64: { folder: "lib/aarch64-linux-gnu", linker: "lib/ld-linux-aarch64.so.1" },
};
const libraries = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

/** A root with glibc and nothing else: no shell, no /etc, no /dev. */
export function bareRoot(folder) {
  const { folder: place, linker } = glibc[process.arch];
  for (const name of [linker, ...libraries.map((library) => join(place, library))]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(join("/", name), join(folder, name));
  }
  return folder;
}

/** A minimal Debian; undefined where debootstrap is not here or reaches no mirror. */
export function debianRoot(folder, keep) {
  const archive = join(keep, "debian-minbase.tar");
  mkdirSync(folder);
  if (!existsSync(archive)) {
    const words = ["--variant=minbase", "stable", folder];
    if (spawnSync("debootstrap", words, { stdio: "ignore" }).status !== 0) return undefined;
    mkdirSync(keep, { recursive: true });
    execFileSync("tar", ["--one-file-system", "-cf", `${archive}.new`, "-C", folder, "."]);
    execFileSync("mv", [`${archive}.new`, archive]);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  return folder;
}

/** Puts the executable and samples into a root, mounts /proc, and makes the rest read-only. */
export function furnish(root, executable, samples) {
  for (const name of ["proc", "samples", "tmp/out"])
    mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, "cryoscope"), "");
  execFileSync("mount", ["--bind", root, root]);
  execFileSync("mount", ["--bind", executable, join(root, "cryoscope")]);
  cpSync(samples, join(root, "samples"), { recursive: true, preserveTimestamps: true });
  execFileSync("mount", ["-t", "proc", "proc", join(root, "proc")]);
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=1777", "tmpfs", join(root, "tmp/out")]);
  execFileSync("mount", ["-o", "remount,bind,ro", root]);
}

/** Words that run the executable in a root, as a user by number. */
export function inRoot(root, uid, words) {
  return ["chroot", `--userspec=+${uid}:+${uid}`, "--groups=", root, "/cryoscope", ...words];
}
