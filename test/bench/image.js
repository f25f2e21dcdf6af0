// What is measured of images: an archive with 2 GiB of memory made into one, against who only copies
// and hashes it, and against buildah where that is installed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const script = (text, ...words) => ["sh", "-ec", text, "sh", ...words];

/**
 * @param image words of the command for an archive and a destination
 * @param folder where copies go; `before` empties it
 * @param measure prints a group: title, rounds, entries, before
 */
export async function measureImage({ path, size, folder, image, measure, rounds, before }) {
  const to = (form) => `${form}:${join(folder, "image")}`;
  const entries = [
    {
      label: "cp; sha256sum",
      words: script('cp "$1" "$2"; sha256sum "$2"', path, join(folder, "copy")),
    },
    {
      label: "restore image oci:",
      words: image(path, to("oci")),
      limit: 1.1,
      peakLimit: 150 * 2 ** 20,
    },
    {
      label: "restore image oci-archive:",
      words: image(path, to("oci-archive")),
      peakLimit: 150 * 2 ** 20,
    },
  ];
  await measure(`image of an archive, ${size}`, rounds.short, entries, before);
  if (spawnSync("buildah", ["--version"]).status !== 0) {
    console.log("  buildah is not here");
    return;
  }
  const storage = join(folder, "storage");
  const steps = `
    archive=$1 image=$2 storage=$3
    run() { buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs "$@"; }
    container=$(run from scratch)
    run add "$container" "$archive" /
    run config --annotation org.criu.checkpoint.container.name=counter "$container"
    run commit -q --disable-compression "$container" "$image"`;
  await measure(
    `image of an archive by buildah, ${size}`,
    1,
    [
      {
        label: "buildah",
        words: script(steps, path, to("oci"), storage),
      },
      { label: "restore image oci:", words: image(path, to("oci")), limit: 0.1 },
    ],
    before,
  );
}
