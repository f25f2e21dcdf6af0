import type { Command } from "commander";

/** Flags of kubectl's own that commands of ours which ask a cluster take too; each has a value. */
const taken = [
  ["-n", "--namespace"],
  ["-s", "--server"],
  ["--context"],
  ["--kubeconfig"],
  ["--cluster"],
  ["--user"],
  ["--as"],
  ["--request-timeout"],
];

/** The rest of those that `kubectl options` lists, and one that most of its commands have. */
const others = new Set(
  `--all-namespaces -A --as-group --as-uid --as-user-extra --cache-dir --certificate-authority
  --client-certificate --client-key --disable-compression --insecure-skip-tls-verify
  --log-flush-frequency --match-server-version --password --profile --profile-output
  --tls-server-name --token --username --v -v --vmodule --warnings-as-errors`.split(/\s+/),
);

const takenFlags = new Set(taken.flat());

/**
 * Flags may stand before the command, as with kubectl's own commands; ours are read behind it.
 * @returns the flags, and the words from the command on.
 */
export function leadingFlags(argv: readonly string[]): { flags: string[]; rest: string[] } {
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] as string;
    if (takenFlags.has(word)) at += 2;
    else if (takenFlags.has(flagOf(word))) at += 1;
    else break;
  }
  return { flags: argv.slice(0, at), rest: argv.slice(at) };
}

/** Puts flags behind the words that name the command. */
export function placeFlags(
  flags: readonly string[],
  rest: readonly string[],
  program: Command,
): string[] {
  let verbs = 0;
  let command: Command | undefined = program;
  while (verbs < rest.length) {
    command = commandNamed(command, rest[verbs] as string);
    if (command === undefined) break;
    verbs += 1;
  }
  return [...rest.slice(0, verbs), ...flags, ...rest.slice(verbs)];
}

/** The command of a name or short form right below another. */
export function commandNamed(above: Command, word: string): Command | undefined {
  return above.commands.find((each) => each.name() === word || each.aliases().includes(word));
}

/** What to say of a flag of kubectl's that a command does not take; undefined of any other. */
export function notTaken(
  flag: string,
  command: Command,
): { what: string; allowed: string } | undefined {
  const name = flagOf(flag);
  if (!takenFlags.has(name) && !others.has(name)) return undefined;
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  const here = taken.filter((spellings) => spellings.some((each) => known.has(each)));
  return {
    what: `kubectl's ${name} is not taken here`,
    allowed:
      here.length === 0
        ? "no flag of kubectl's: this asks no cluster"
        : here.map((spellings) => spellings.join("/")).join(", "),
  };
}

/** `--as=me` and `-nshop` are one word each. */
function flagOf(word: string): string {
  return word.startsWith("--") ? word.replace(/=.*$/, "") : word.slice(0, 2);
}
