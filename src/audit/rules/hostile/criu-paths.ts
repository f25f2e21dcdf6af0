import type { FileModel } from "../../../criu/files/file-model.ts";
import { climbs } from "../../facts/paths.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const criuPaths: Rule = {
  id: "hostile/criu-paths",
  title: "CRIU image names a path that climbs",
  severity: "high",
  looksAt: "paths of open and deleted files, mount points, sources and keys of external mounts",
  why: "CRIU opens and creates these paths as root while it restores, before the container is closed off. The kernel never gives it a path with `..`, so somebody wrote it by hand to reach out of the container.",
  remedy: "Do not restore it. Find out who made the archive; make the checkpoint again.",
  evaluate,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const model = await checkpoint.files();
  yield* files(model);
  const member = (id: number): string =>
    checkpoint.images?.label(`mountpoints-${id}.img`) ?? `mountpoints-${id}.img`;
  for (const mount of model.mounts.mounts) {
    // In a namespace of its own, a control group's mount shows the folders above it as `/..`.
    const root = mount.fstype.startsWith("cgroup") ? "" : mount.root;
    const key = mount.externalKey ?? "";
    const source = mount.source.startsWith("/") ? mount.source : "";
    for (const path of [mount.mountpoint, root, key, source]) {
      if (!climbs(path)) continue;
      yield {
        message: `mount ${mount.id} on ${mount.mountpoint} has the path ${path}`,
        key: `mount ${path}`,
        places: [{ member: member(mount.namespaceId) }],
      };
    }
  }
}

function* files({ files: open }: FileModel): Generator<Sighting> {
  for (const { path, deleted, place } of open) {
    const link = deleted?.how === "link" ? deleted.path : undefined;
    for (const name of [path, link]) {
      if (name === undefined || !climbs(name)) continue;
      const what = deleted === undefined ? "an open file" : "a deleted file";
      yield { message: `${what} has the path ${name}`, key: `file ${name}`, places: [place] };
    }
  }
}
