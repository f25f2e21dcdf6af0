import { Command, InvalidArgumentError, Option } from "commander";
import { encodings } from "../../../memory/strings.ts";
import {
  addArchiveOptions,
  addOutputOptions,
  addParentOption,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { CoreCommandOptions } from "./core.ts";
import type { DumpCommandOptions } from "./dump.ts";
import type { ListCommandOptions } from "./list.ts";
import type { ReadCommandOptions } from "./read.ts";
import type { SearchCommandOptions } from "./search.ts";
import type { SecretsCommandOptions } from "./secrets.ts";
import type { StringsCommandOptions } from "./strings.ts";

export const memoryCommand: CommandMaker = (run, io) => {
  const list = common("ls", "list the mappings of processes, with what of them was dumped").action(
    (archive: string, options: ListCommandOptions) =>
      run(async () => (await import("./list.ts")).runList(archive, options, io)),
  );
  const read = common("read", "show memory of a process as a hexdump")
    .requiredOption("--address <address>", "first address, 0x… or decimal", address)
    .option("--length <bytes>", "how many bytes", count, 256)
    .option("--raw", "the bytes themselves, to a pipe or --output-file")
    .action((archive: string, options: ReadCommandOptions) =>
      run(async () => (await import("./read.ts")).runRead(archive, options, io)),
    );
  const search = common("search", "find bytes in memory; hits come as they are found")
    .option("--text <text>", "find a text (its UTF-8 bytes)")
    .option("--hex <bytes>", "find bytes: 6d79 or 6d:79")
    .option("--regex <expression>", "find a regular expression (JavaScript's syntax, on bytes)")
    .option("-i, --ignore-case", "with --text or --regex: upper and lower case are the same")
    .option("--utf16", "with --text: find it in UTF-16 (little endian) too")
    .option("--everywhere", "also in queues, deleted files, logs, metadata and changed files")
    .option("--context <bytes>", "bytes to show on each side", count, 24)
    .option("--limit <hits>", "stop after so many", count)
    .action((archive: string, options: SearchCommandOptions) =>
      run(async () => (await import("./search.ts")).runSearch(archive, options, io)),
    );
  const strings = common("strings", "print the texts in memory")
    .addOption(
      new Option("--encoding <name>", "how texts are encoded").choices(encodings).default("ascii"),
    )
    .option("--min-length <characters>", "shortest text", minLength, 6)
    .option("--limit <texts>", "stop after so many", count)
    .action((archive: string, options: StringsCommandOptions) =>
      run(async () => (await import("./strings.ts")).runStrings(archive, options, io)),
    );
  const secrets = common("secrets", "find secrets in memory and everything else; exit 1 if any")
    .option("--detector <ids>", "ask only these detectors, separated by commas", words)
    .option("--without <ids>", "do not ask these detectors", words)
    .option("--memory-only", "not in queues, deleted files, logs, metadata and changed files")
    .option("--limit <secrets>", "show only so many, the gravest", count)
    .action((archive: string, options: SecretsCommandOptions) =>
      run(async () => (await import("./secrets.ts")).runSecrets(archive, options, io)),
    );
  const dump = common("dump", "write mappings to files (0600, sparse)")
    .option("--mapping <address>", "only the mapping that holds this address", address)
    .option("-C, --directory <dir>", "folder to write to", ".")
    .action((archive: string, options: DumpCommandOptions) =>
      run(async () => (await import("./dump.ts")).runDump(archive, options, io)),
    );
  const core = common("core", "write a process as an ELF core for gdb (0600, sparse)")
    .option("-C, --directory <dir>", "folder to write core.PID to", ".")
    .action((archive: string, options: CoreCommandOptions) =>
      run(async () => (await import("./core.ts")).runCore(archive, options, io)),
    );
  const named = core.options.find(({ long }) => long === "--output-file");
  if (named !== undefined) named.description = "name of the core file, instead of core.PID";
  const command = new Command("memory").description("look into the memory of processes");
  for (const part of [list, read, search, strings, secrets, dump, core]) command.addCommand(part);
  return command;
};

function common(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument("<archive>", archiveWords)
    .option("--pid <pids>", "only these processes, separated by commas", pids);
  addRevealOption(addArchiveOptions(addOutputOptions(addParentOption(command))));
  const output = command.options.find(({ long }) => long === "--output");
  // Hits stream; one JSON value a line is the form for that.
  if (name === "search" || name === "strings") output?.choices(["table", "json", "jsonl", "yaml"]);
  return command;
}

function words(value: string): ReadonlySet<string> {
  return new Set(value.split(",").filter((word) => word !== ""));
}

function pids(value: string): ReadonlySet<number> {
  const list = value.split(",").map((word) => (/^\d{1,7}$/.test(word) ? Number(word) : Number.NaN));
  if (list.some(Number.isNaN)) throw new InvalidArgumentError("Give pids: 1 or 1,7.");
  return new Set(list);
}

function address(value: string): bigint {
  if (!/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(value)) {
    throw new InvalidArgumentError("Give an address: 0x7f40… or decimal.");
  }
  return BigInt.asUintN(64, BigInt(value));
}

/** Long texts are told in pieces, and none is longer than the shortest of those. */
function minLength(value: string): number {
  const number = count(value);
  if (number > 16_384) throw new InvalidArgumentError("Give at most 16384 characters.");
  return number;
}

function count(value: string): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : 0;
  if (number === 0) throw new InvalidArgumentError("Give a whole number above 0.");
  return number;
}
