import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { outsideTerminals } from "../../../checkpoint/needs/open-files.ts";
import { readSpec } from "../../../checkpoint/needs/spec.ts";
import type { OpenFile } from "../../../criu/files/open-file.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Terminals whose other end nobody in the container has. */
export const terminal: Rule = {
  id: "restore/terminal",
  title: "Terminal from outside",
  severity: "medium",
  looksAt: "pseudo terminals of files.img and tty-info.img, process.terminal of spec.dump",
  why: "The master of such a terminal belonged to whoever started or attached to the container, and is gone. CRIU says `Found slave peer index … without correspond master peer` or `ctty inheritance detected`.",
  remedy: "Run the container without `tty: true`, and detach before the checkpoint.",
  references: ["https://github.com/checkpoint-restore/criu/issues/552"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const file of outsideTerminals(await subject.checkpoint.files())) {
      yield {
        message: `${file.path ?? "a terminal"} has its master outside the container`,
        key: file.path ?? "terminal",
        remedy: `To restore it from a shell, ${await criuOption(subject, "shell-job")}; else run it without \`tty: true\`.`,
        places: [placeOf(file)],
        facts: { terminal: file.path ?? "", option: "shell-job" },
      };
    }
    const spec = await readSpec(subject);
    if (spec?.terminal === true) {
      yield {
        message:
          "the container was started with a terminal (`tty: true`), which whoever restores it has to give it anew",
        key: "spec",
        severity: "info",
        places: [{ member: "spec.dump", pointer: "/process/terminal" }],
      };
    }
  },
};

function placeOf({ place, holders }: OpenFile): NonNullable<Sighting["places"]>[number] {
  const holder = holders[0];
  return holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd };
}
