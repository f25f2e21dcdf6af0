import type { FilePath } from "../../criu/process/file-paths.ts";
import type { ProcessRights } from "../../criu/process/process-details.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import type { Asked, FactPlace } from "./asked.ts";

/** A living process with what rules ask of it. */
export interface Task extends ProcessRights {
  process: CriuProcess;
  executable: FilePath | null;
  /** Path of its program as the container sees it; null where it has none. */
  program: string | null;
  /** `sleep (pid 15)`. */
  name: string;
}

/** All processes but zombies, in the order of the tree. */
export function readTasks(asked: Asked): Promise<Task[]> {
  return asked.once("tasks", async () => {
    const reader = await asked.checkpoint.processReader();
    const tasks: Task[] = [];
    for (const process of await asked.checkpoint.processes()) {
      if (reader === undefined || process.state === "zombie") continue;
      const executable = await reader.executable(process);
      tasks.push({
        ...(await reader.rights(process)),
        process,
        executable,
        program: executable === null ? null : absolutePath(executable.path),
        name: taskName(process),
      });
    }
    return tasks;
  });
}

export function taskName({ comm, pid }: Pick<CriuProcess, "comm" | "pid">): string {
  return comm === undefined ? `process ${pid}` : `${comm} (pid ${pid})`;
}

/** Where a process is told of: its core image, or another of its own. */
export function placeOf(
  asked: Asked,
  { process: { pid } }: Pick<Task, "process">,
  image: "core" | "mm" | "ids" | "fs" = "core",
): FactPlace {
  const member = asked.checkpoint.images?.label(`${image}-${pid}.img`);
  return { pid, ...(member === undefined ? {} : { member }) };
}

/** More are not kept of one finding. */
const mostPlaces = 100;

export function placesOf(
  asked: Asked,
  tasks: readonly Task[],
  image?: "core" | "mm" | "ids" | "fs",
): FactPlace[] {
  return tasks.slice(0, mostPlaces).map((task) => placeOf(asked, task, image));
}

/** A sentence about processes: `sleep (pid 15) runs …`, `sleep (pid 15) and 7 more run …`. */
export function saying(
  tasks: readonly Pick<Task, "name">[],
  [one, many]: readonly [one: string, many: string],
  rest: string,
): string {
  const first = tasks[0]?.name ?? "no process";
  return tasks.length > 1
    ? `${first} and ${tasks.length - 1} more ${many} ${rest}`
    : `${first} ${one} ${rest}`;
}

/** Paths of images begin with `/`, `./` or neither. */
export function absolutePath(path: string): string {
  return path.startsWith("/") ? path : `/${path.replace(/^\.\//, "")}`;
}

/** The last step of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
