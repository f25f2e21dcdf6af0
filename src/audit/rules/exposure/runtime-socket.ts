import { readHostMounts } from "../../../checkpoint/needs/host-mounts.ts";
import { runtimeSocket as engineAt } from "../../facts/runtime-sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** The socket of a container engine, mounted or spoken to. */
export const runtimeSocket: Rule = {
  id: "exposure/runtime-socket",
  title: "Socket of a container engine in reach",
  severity: "high",
  looksAt: "bind mounts of spec.dump, names of unix sockets in files.img",
  why: "Who speaks to a container engine can start a privileged container, so the container has the whole node; a read-only mount does not prevent it.",
  remedy: "Take the mount away; give the program an API with rights of its own instead.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { source, mountpoint, place } of await readHostMounts(subject)) {
      const engine = engineAt(source) ?? engineAt(mountpoint);
      if (engine === undefined) continue;
      yield {
        message: `the socket of ${engine}, ${source}, is mounted at ${mountpoint}`,
        key: engine,
        places: [{ ...place, path: source }],
        facts: { engine, source, mountpoint },
      };
    }
    yield* connections(subject);
  },
};

async function* connections(subject: Subject): AsyncGenerator<Sighting> {
  const model = await subject.checkpoint.files();
  for (const { kind, fileId, local, remote, state } of model.sockets) {
    if (kind !== "unix-socket" || state === "listen") continue;
    const path = [remote, local].find((it) => it !== undefined && engineAt(it) !== undefined);
    const file = path === undefined ? undefined : model.find(kind, fileId);
    if (path === undefined || file === undefined) continue;
    const engine = engineAt(path) as string;
    yield {
      message: `a process speaks to the socket of ${engine}, ${path}`,
      key: engine,
      places: file.holders.slice(0, 1).map(({ pid, fd }) => ({ pid, fd, ...file.place })),
      facts: { engine, source: path },
    };
  }
}
