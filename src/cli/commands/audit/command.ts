import { Command, InvalidArgumentError, Option } from "commander";
import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import { addArchiveOptions, addOutputOptions, addRevealOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { AuditCommandOptions, ReportTarget } from "./options.ts";

export const auditCommand: CommandMaker = (run, io) => {
  const command = new Command("audit")
    .description("is it safe to keep, and safe to restore: findings against a policy")
    .argument(
      "[path...]",
      `archives, folders of archives, or - for standard input (default: ${kubeletCheckpoints}); with --merge, reports`,
    )
    .addOption(
      new Option(
        "--fail-on <severity>",
        "exit 1 from this severity on (default: the policy's)",
      ).choices(["critical", "high", "medium", "low", "info", "none"]),
    )
    .option("--policy <file>", "what is allowed and expected, YAML")
    .option("--print-policy", "print the policy that would be used, and audit nothing")
    .option("--rule <ids>", "ask these rules only: ids, groups, patterns, with commas", ids)
    .option("--skip <ids>", "do not ask these rules", ids)
    .option("--no-memory", "do not search memory for secrets")
    .option("--summary", "counts only")
    .option("--since <time>", "archives changed since: 24h, 7d, or a time")
    .option("--changed-only", "leave out what has not changed since the state file was written")
    .option("--state <file>", "where --changed-only keeps what it saw (0600)")
    .option("--jobs <count>", "archives at once (default: one a processor, at most 3)", jobs)
    .option("--custody", "hash the archive and each member, and say who looked")
    .option(
      "--node <name>",
      "the node that the report is of (default: NODE_NAME, else this machine's name)",
      nodeName,
    )
    .option("--every <duration>", "audit again and again, each node at its own minute: 1h, 30m")
    .option("--merge", "instead, make one report of the JSON reports of many nodes")
    .option("--prune", "instead, say which archives the policy's limits would delete")
    .option("--yes", "with --prune: delete them");
  addRevealOption(addArchiveOptions(addOutputOptions(command, moreForms)));
  command
    .option(
      "--report <form=file>",
      "the same report in another form too, to a file or https://…; can be repeated",
      reportTarget,
    )
    .option("--replace", "let files take the place of those of their names, in one step")
    .addOption(
      new Option("--output-mode <mode>", "with --replace: who may read the files").choices([
        "0600",
        "0640",
        "0644",
      ]),
    );
  return command.action((paths: string[], options: AuditCommandOptions) =>
    run(async () => {
      if (options.merge === true) {
        const { runMerge } = await import("./merge.ts");
        return runMerge(paths, options, io);
      }
      const { runAudit } = await import("./run.ts");
      const given = paths.length === 0 ? [kubeletCheckpoints] : paths;
      const words = { ...options, typed: command.parent?.args ?? [] };
      const once = (): Promise<number> => runAudit(given, words, io);
      if (options.every === undefined) return once();
      const { runEvery } = await import("./every.ts");
      return runEvery(once, given, words, io);
    }),
  );
};

const moreForms = ["sarif", "junit", "html", "prometheus"] as const;

function reportTarget(value: string, before: ReportTarget[] = []): ReportTarget[] {
  const [, form = "", file = ""] = /^([a-z]+)=(.+)$/.exec(value) ?? [];
  const format = ["table", "wide", "json", "yaml", ...moreForms].find((each) => each === form);
  if (format === undefined) throw new InvalidArgumentError("Give FORM=FILE, as in json=out.json.");
  return [...before, { format: format as ReportTarget["format"], file }];
}

function ids(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(",").map((id) => id.trim())];
}

function jobs(value: string): number {
  if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(value)) throw new InvalidArgumentError("Give 1 to 64.");
  return Number(value);
}

/** A node's name is a DNS name; machines have freer ones. */
function nodeName(value: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(value)) return value;
  throw new InvalidArgumentError("Give letters, digits, dots and hyphens.");
}
