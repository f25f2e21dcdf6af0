// Manual pages of section 1, from the manuals of commands.
import type { CommandManual, Row } from "../../../src/cli/manual/command-manual.ts";
import { bold, filled, guarded, literal, prose, quoted } from "./roff.ts";

interface Release {
  version: string;
  /** Year, month and day: 2026-11-22. */
  date: string;
}

/** The name of a command's page, and of its program where hyphens stand for blanks. */
export function pageName({ words }: Pick<CommandManual, "words">): string {
  return ["cryoscope", ...words.split(" ")].filter((word) => word !== "").join("-");
}

/** A page for man(1). */
export function manPage(
  manual: CommandManual,
  all: readonly CommandManual[],
  { version, date }: Release,
): string {
  const name = pageName(manual);
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ["NAME", [filled(`${literal(name)} \\- ${prose(manual.summary)}`)]],
    ["SYNOPSIS", synopsis(manual)],
    ["DESCRIPTION", description(manual)],
    ["ARGUMENTS", tagged(manual.arguments.map(([it, says]) => [argument(it), prose(says)]))],
    ["COMMANDS", tagged(below(manual, all))],
    [
      "OPTIONS",
      tagged([...manual.options, helpOption].map(([it, says]) => [option(it), prose(says)])),
    ],
    ["EXIT STATUS", tagged(manual.exits.map(([code, says]) => [bold(String(code)), prose(says)]))],
    ["ENVIRONMENT", tagged(names(manual.environment))],
    ["FILES", tagged(names(manual.files))],
    ["SECURITY", joined(manual.security.map(prose))],
    ["EXAMPLES", manual.examples.flatMap(example)],
    ["SEE ALSO", [filled(seeAlso(manual, all))]],
  ];
  const head = [
    '.\\" Made from the commands by the build. Do not edit.',
    `.TH ${quoted(name.toUpperCase())} 1 ${date} ${quoted(`cryoscope ${version}`)} "User Commands"`,
    ".nh",
    ".ad l",
  ];
  const body = sections.flatMap(([title, lines]) =>
    lines.length === 0 ? [] : [`.SH ${quoted(title)}`, ...lines],
  );
  return `${[...head, ...body].join("\n")}\n`;
}

const helpOption: Row = ["-h, --help", "show help"];

function synopsis({ words, usage, aliases }: CommandManual): string[] {
  const line = (name: string): string =>
    [bold(`cryoscope ${name}`.trim()), ...usage.split(" ").filter(Boolean).map(operand)].join(" ");
  return joined([words, ...aliases].map(line), ".br");
}

/** `<archive>` and `[path...]`, names in italics. */
function operand(word: string): string {
  const [, open = "", name = "", close = ""] = /^([[<]?)(.*?)([\]>]?)$/.exec(word) ?? [];
  const brackets = open === "<" ? ["", ""] : [open, close];
  return `${brackets[0]}\\fI${literal(name)}\\fR${brackets[1]}`;
}

function argument(term: string): string {
  return operand(term);
}

/** `-o, --output <format>` */
function option(flags: string): string {
  return flags
    .split(/(, | )/)
    .map((part) => (part.startsWith("-") ? bold(part) : /^[<[]/.test(part) ? operand(part) : part))
    .join("");
}

function description({ about, summary }: CommandManual): string[] {
  return joined([...(about.length === 0 ? [summary] : about)].map(prose));
}

function below(
  manual: CommandManual,
  all: readonly CommandManual[],
): (readonly [string, string])[] {
  return manual.below.map((words) => {
    const found = all.find((it) => it.words === words) as CommandManual;
    return [reference(pageName(found), 1), prose(found.summary)] as const;
  });
}

function names(rows: readonly Row[]): (readonly [string, string])[] {
  return rows.map(([name, says]) => [bold(name), prose(says)] as const);
}

function tagged(rows: readonly (readonly [term: string, says: string])[]): string[] {
  return rows.flatMap(([term, says]) => [".TP", guarded(term), says]);
}

function joined(parts: readonly string[], between = ".PP"): string[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [between, part]));
}

function example([line, says]: Row, at: number): string[] {
  return [
    ...(at === 0 ? [] : [".PP"]),
    prose(`${says}:`),
    ".PP",
    ".RS 4",
    ".nf",
    guarded(literal(line)),
    ".fi",
    ".RE",
  ];
}

/** Other pages: the command above, the program, and those that the manual names. */
function seeAlso({ words, see }: CommandManual, all: readonly CommandManual[]): string {
  const above = words.split(" ").slice(0, -1).join(" ");
  const own = words === "" ? [] : [...new Set(["", above])];
  const pages = [...own, ...see].map((it) => {
    const other = /^(\S+)\((\d)\)$/.exec(it);
    if (other !== null) return reference(other[1] as string, Number(other[2]));
    const found = all.find((manual) => manual.words === it);
    if (found === undefined) throw new Error(`"${words}" refers to "${it}", which is no command`);
    return reference(pageName(found), 1);
  });
  return [...new Set(pages)].join(", ");
}

function reference(name: string, section: number): string {
  return `${bold(name)}(${section})`;
}
