import { ProblemLog } from "../../../base/problem.ts";
import { placesOf, readTasks, saying, type Task } from "../../../checkpoint/needs/tasks.ts";
import { collectEntries } from "../../../criu/entries.ts";
import { parseImageName } from "../../../criu/image-name.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Root inside; with a user namespace that is somebody else outside. */
export const rootUser: Rule = {
  id: "exposure/root-user",
  title: "Runs as root",
  severity: "medium",
  looksAt: "effective user ids in core-PID.img, maps of userns-N.img",
  why: "Root in a container is root on the node as soon as anything lets it out, and may write all that is mounted into the container.",
  remedy:
    "Run as another user: `runAsNonRoot: true` and `runAsUser` in the securityContext, or a user namespace (`hostUsers: false`).",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const maps = await rootMaps(subject);
    const outside = (task: Task): number => maps.get(userNamespace(task) ?? 0) ?? 0;
    const tasks = (await readTasks(subject)).filter((it) => it.credentials?.uid.effective === 0);
    const real = tasks.filter((task) => outside(task) === 0);
    const mapped = tasks.filter((task) => outside(task) !== 0);
    const facts = { processes: tasks.length };
    if (real.length > 0) {
      const message = saying(
        real,
        ["runs", "run"],
        "as root, and no user namespace makes another of it",
      );
      yield { message, key: "root", places: placesOf(subject, real), facts };
    } else if (mapped.length > 0) {
      const uid = outside(mapped[0] as Task);
      const message = saying(
        mapped,
        ["runs", "run"],
        `as root in a user namespace: uid ${uid} on the node`,
      );
      const places = placesOf(subject, mapped);
      yield { message, key: "root", severity: "info", places, facts: { ...facts, uid } };
    }
  },
};

function userNamespace({ namespaces }: Task): number | undefined {
  return namespaces.find(({ type }) => type === "user")?.id;
}

/** Whom root of each user namespace is outside. */
async function rootMaps({ checkpoint }: Subject): Promise<Map<number, number>> {
  const maps = new Map<number, number>();
  const { images } = checkpoint;
  if (images === undefined) return maps;
  const problems = new ProblemLog();
  for (const name of images.names()) {
    const image = parseImageName(name);
    if (image?.type !== "USERNS" || image.id === undefined) continue;
    const entries = await collectEntries({ folder: images, problems }, name, "userns_entry");
    const map = entries?.[0]?.uid_map.find(({ first, count }) => first === 0 && count > 0);
    if (map !== undefined) maps.set(Number(image.id), map.lower_first);
  }
  checkpoint.tell(problems);
  return maps;
}
