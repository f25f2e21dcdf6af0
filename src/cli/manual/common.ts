import { kubeletCheckpoints } from "../../checkpoint/find-archives.ts";
import type { ExitName, ManualPage } from "./page.ts";

// Words that many commands share: each is told of a command that has the option it belongs to.

/** Exit codes, as they are everywhere. */
export const exitWords: Readonly<Record<ExitName, string>> = {
  fine: "fine",
  findings: "something was found, or nothing was where something was looked for",
  usage: "wrong usage",
  archive: "the archive, or a part of it, cannot be read; what can be read was shown",
  refused: "refused: by the permission gate, or because something would be overwritten or lost",
  remote: "another machine refused or failed",
  timeout: "another machine did not answer in time",
  bug: "a fault of cryoscope; run it again with --debug and report what it prints",
  interrupted: "ended by Ctrl-C",
};

/** What every command that opens archives has to say. */
export const gateWords = `
An archive holds all memory of a container: keys, passwords, data of its users. It is opened only if
nobody but its owner could have read or changed it, which is asked of the open file before a byte of
it is read. Whatever --permissions says, text out of the archive reaches the terminal without its
escapes and controls, and what is written is 0600 and never over a file that is there.`;

export const revealWords = `
Secrets are masked. With --reveal they stand in the output: mind where it goes, and who keeps logs of
it.`;

export const environmentWords = {
  colour: [
    ["NO_COLOR", "not empty: no colour"],
    ["FORCE_COLOR", "not empty and not 0: colour, also where no terminal is"],
  ],
  cluster: [
    ["KUBECONFIG", "files of clusters and users, where --kubeconfig names none"],
    ["HTTPS_PROXY, NO_PROXY", "the way to the API server"],
  ],
} as const;

/** The page of the program itself. */
export const programPage: ManualPage = {
  about: `
A container checkpoint is a running container in a tar: every memory page, open file, socket, key and
password. Kubernetes writes one when somebody calls the kubelet's checkpoint API; CRI-O, containerd and
Podman each lay it out in their own way, and CRIU writes the images inside. cryoscope opens them all,
reads only what you ask for, and writes nothing unless you name the file.

An archive is a plain tar, or one compressed with gzip or zstd; a folder of CRIU images or of an
unpacked archive; or - for standard input. Without a command, on a terminal, the UI opens on the
kubelet's folder.

Archives are opened by --permissions. \`root\` (the default) takes a regular file of root's without
permission for group and others, in folders that only root can change. \`owner\` takes the same of your
own: a copy on a laptop. \`any\` takes what can be read, with a warning and a finding in every report.`,
  examples: [
    ["cryoscope", "walk through the checkpoints of this node"],
    ["cryoscope list", "what lies on this node"],
    ["cryoscope inspect FILE", "whose it is, what ran, what memory it holds"],
    ["cryoscope inspect --permissions owner copy.tar", "a copy of your own on a laptop"],
    ["cryoscope images FILE", "every member, memory first"],
    ["mkdir out && cryoscope extract FILE 'checkpoint/core-*' -C out", "some of them as files"],
    ["cryoscope secure FILE", "owner and mode put right"],
  ],
  exits: exitWords,
  files: [
    [kubeletCheckpoints, "where the kubelet puts checkpoints, the default of list, audit and open"],
  ],
  see: ["criu(8)", "crit(1)", "podman-container-checkpoint(1)", "kubelet(1)"],
};
