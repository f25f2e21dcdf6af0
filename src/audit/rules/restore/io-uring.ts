import { ioUrings } from "../../../checkpoint/needs/open-files.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Rings of io_uring, which CRIU cannot make. */
export const ioUring: Rule = {
  id: "restore/io-uring",
  title: "io_uring is in use",
  severity: "high",
  looksAt: "names of files in files.img",
  why: "CRIU cannot save or restore a ring: `Unknown shit … (anon_inode:[io_uring])`. A dump that has one was made by a changed CRIU or a plugin.",
  remedy: "Have the program do without: `UV_USE_IO_URING=0` for Node.js.",
  references: ["https://github.com/checkpoint-restore/criu/issues/2131"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { holders, place } of ioUrings(await subject.checkpoint.files())) {
      const holder = holders[0];
      yield {
        message: "a process has an io_uring, which CRIU cannot restore",
        key: "io_uring",
        places: [holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd }],
      };
    }
  },
};
