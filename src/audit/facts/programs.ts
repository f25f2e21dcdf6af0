import { baseName, placeOf, readTasks, type Task } from "../../checkpoint/needs/tasks.ts";
import type { FindingPlace } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** A process whose program is a memfd. */
interface MemfdProgram {
  task: Task;
  /** Name that was given to `memfd_create`. */
  memfd: string;
  fileId: number;
  place: FindingPlace;
}

export function memfdPrograms(subject: Subject): Promise<MemfdProgram[]> {
  return subject.once("memfd programs", async () => {
    const model = await subject.checkpoint.files();
    return (await readTasks(subject)).flatMap((task): MemfdProgram[] => {
      const fileId = task.process.layout?.entry.exe_file_id;
      if (fileId === undefined || task.executable !== null) return [];
      const file = model.find("memfd", fileId);
      if (file === undefined) return [];
      const memfd = file.details.memfd?.name ?? "";
      return [{ task, memfd, fileId, place: placeOf(subject, task, "mm") }];
    });
  });
}

const interpreters =
  /^(?:busybox|toybox|python[\d.]*|pypy[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|php[\d.-]*|lua[\d.]*|tclsh.*|(?:ba|da|a|z|k|mk)?sh)$/;

/** Does a program run the file that it is given? */
export function isInterpreter(program: string): boolean {
  return interpreters.test(baseName(program));
}
