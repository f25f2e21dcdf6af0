import { type Command, InvalidArgumentError, Option } from "commander";
import type { PermissionPolicy } from "../archive/permission-gate.ts";
import { parseSize } from "../base/size.ts";
import type { OutputFormat } from "./output.ts";

/** Options that every command which reads an archive has. */
export interface CommonOptions {
  output: OutputFormat;
  outputFile?: string;
  headers: boolean;
  color: boolean;
  permissions: PermissionPolicy;
  maxExpansion?: number;
  spool?: string;
  /** Bytes. */
  maxDownload?: number;
  caFile?: string;
  plainHttp?: boolean;
  reveal?: boolean;
  quiet?: boolean;
  debug?: boolean;
}

/** Options of commands that look into memory, part of which may be in the dump before. */
export interface ParentOptions {
  /** The checkpoint before this one, the one before that, … */
  parent?: string[];
}

/** What commands that read one archive take for it. */
export const archiveWords = "archive, its address, folder of CRIU images, or - for standard input";

/** `--debug`, which even commands that print no data have. */
export function addDebugOption(command: Command): Command {
  return command.option("--debug", "show stack traces of faults");
}

/** Options of commands that print data, in further forms where they have any. */
export function addOutputOptions(
  command: Command,
  more: readonly string[] = [],
  file = "write the result to a new file (0600), or put it at https://…, instead of stdout",
): Command {
  return addDebugOption(
    command
      .addOption(
        new Option("-o, --output <format>", "form of the result")
          .choices(["table", "wide", "json", "yaml", ...more])
          .default("table"),
      )
      .option("--output-file <file>", file)
      .option("--no-headers", "leave out column titles")
      .option("--no-color", "no colour (also NO_COLOR)")
      .option("-q, --quiet", "names only, and no progress"),
  );
}

/** Options of commands that read archives. */
export function addArchiveOptions(command: Command): Command {
  return addPermissionsOption(command)
    .option(
      "--max-expansion <ratio>",
      "take archives for bombs that expand more often than this (0: never)",
      ratio,
    )
    .option("--spool <dir>", "keep a private, unlinked copy of a compressed archive or pipe there")
    .option("--max-download <size>", "fetch no more than this of an archive elsewhere", size)
    .option("--ca-file <file>", "authorities to believe of servers and registries, PEM")
    .option("--plain-http", "speak to servers and registries without TLS");
}

export function addPermissionsOption(command: Command): Command {
  return command.addOption(
    new Option("--permissions <policy>", "whose archives to accept: root's, the caller's own, any")
      .choices(["root", "owner", "any"])
      .default("root"),
  );
}

/** Options of commands that ask a cluster: kubectl's, by its names. */
export function addClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "cluster and user (default: KUBECONFIG, ~/.kube/config)")
    .option("--context <name>", "context of the kubeconfig")
    .option("--cluster <name>", "cluster of the kubeconfig (default: the context's)")
    .option("--user <name>", "user of the kubeconfig (default: the context's)")
    .option("-s, --server <url>", "address of the API server (default: the cluster's)")
    .option("--as <name>", "ask as somebody else: impersonation");
}

export function addRevealOption(command: Command): Command {
  return command.option("--reveal", "show secrets instead of masking them");
}

export function addParentOption(command: Command): Command {
  return command.option(
    "--parent <archive>",
    "the checkpoint before this one, for pages that were left there; again for the one before that",
    (archive: string, before: string[] = []) => [...before, archive],
  );
}

/** `--pid` of commands that look at one process. */
export function addPidOption(command: Command, description: string): Command {
  return command.option("--pid <pid>", `${description} (pid inside the container)`, pid);
}

function pid(value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError("Give a pid: 1 to 4194304.");
  return Number(value);
}

function size(value: string): number {
  const bytes = parseSize(value);
  if (bytes === undefined) throw new InvalidArgumentError("Give a size such as 500MiB or 10GiB.");
  return bytes;
}

function ratio(value: string): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new InvalidArgumentError("Give a whole number of times.");
  return number === 0 ? Number.POSITIVE_INFINITY : number;
}
