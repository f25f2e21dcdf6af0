import type { ManualPage } from "../../manual/page.ts";

export const filesPage: ManualPage = {
  about: `
Descriptors by process, with path, mount, size, position and flags of the file behind each: regular and
deleted files, pipes, sockets, terminals, event files, timers and others. What processes have open
beside their descriptors is listed too: programs, folders, mapped files, locks. Tables that processes
share are told once. How many bytes wait in a queue is shown; the bytes themselves only with --reveal.`,
  examples: [
    ["cryoscope files cart.tar", "of every process"],
    ["cryoscope files --pid 1 --reveal cart.tar", "of one, with what waits to be read"],
  ],
  see: ["sockets", "extract"],
};
