// docs/keys.md: the keys that each screen of the terminal UI has, asked of the screens themselves.
import * as auditKeys from "../../../src/tui/keys/audit.ts";
import { commandOf, type Scope } from "../../../src/tui/keys/binding.ts";
import * as clusterKeys from "../../../src/tui/keys/cluster.ts";
import * as imageKeys from "../../../src/tui/keys/images.ts";
import { keyLabel } from "../../../src/tui/keys/input.ts";
import * as memoryKeys from "../../../src/tui/keys/memory.ts";
import * as restoreKeys from "../../../src/tui/keys/restore.ts";
import * as generalKeys from "../../../src/tui/keys/table.ts";
import { tabs } from "../../../src/tui/screens/checkpoint/tabs.ts";
import { screens } from "../../../src/tui/screens/screens.ts";
import { commandWords } from "../../../src/tui/state/commands.ts";
import type { Screen, World } from "../../../src/tui/state/screen.ts";
import { anchor, madeBy, table } from "./markdown.ts";

const world: World = {
  body: { columns: 100, rows: 30 },
  now: 0,
  reveal: false,
  wide: false,
  readonly: false,
};

/** What some screen or other is opened with. Screens open without reading anything. */
const argument = {
  path: "archive.tar",
  pid: 1,
  tid: 1,
  fd: 0,
  id: 1,
  namespaceId: 1,
  kind: "reg",
  name: "name",
  title: "title",
  shown: "node",
  member: "member",
  mountpoint: "/",
  fingerprint: "",
  before: "before.tar",
  after: "after.tar",
  context: null,
  memory: false,
  now: 0,
  row: { id: "need" },
  lines: [],
  target: "",
};

/** Keys of many screens, which stand once. */
const shared: readonly (readonly [Scope, string])[] = [
  [generalKeys.listKeys, "Lists"],
  [generalKeys.openKey, "Rows"],
  [generalKeys.foldKeys, "Trees that fold"],
  [generalKeys.textKeys, "Text"],
  [generalKeys.tabKeys, "Tabs"],
  [generalKeys.detailTabKeys, "Parts"],
  [generalKeys.problemKeys, "Problems"],
];

/** Keys that a screen has at times only. */
const atTimes: readonly (readonly [Scope, string])[] = [
  [auditKeys.compareKeys, "Checkpoints, with two of them marked"],
  [clusterKeys.buttonKeys, "New checkpoint, on a button"],
  [clusterKeys.madeKeys, "New checkpoint, when it is made"],
  [clusterKeys.failedKeys, "New checkpoint, when it failed"],
  [restoreKeys.placeChoiceKeys, "Restore, while a place is chosen"],
];

const titles: Readonly<Record<string, string>> = {
  checkpoints: "Checkpoints",
  diff: "Differences of two",
  file: "File",
  finding: "Finding",
  help: "Help",
  hex: "Bytes",
  image: "Image",
  members: "Members of an archive inside",
  mount: "Mount",
  need: "Need of a restore",
  "new-checkpoint": "New checkpoint",
  node: "Node",
  nodes: "Nodes",
  preview: "Text of a member",
  process: "Process",
  secret: "Secret",
  socket: "Socket",
  text: "Text",
  thread: "Thread",
  variable: "Variable of an environment",
};

/** Every table of keys that there is: one that no screen shows, and nobody names here, is a fault. */
function everyScope(): Scope[] {
  const modules = [auditKeys, clusterKeys, imageKeys, memoryKeys, restoreKeys, generalKeys];
  return modules.flatMap((module) => Object.values(module));
}

export function keyReference(): string {
  const general = new Map(shared.map(([scope, title]) => [scope, title]));
  const seen = new Set<Scope>([generalKeys.everywhere, ...atTimes.map(([scope]) => scope)]);
  const screenParts = everyScreen().flatMap(([title, scopes]) => {
    for (const scope of scopes) seen.add(scope);
    const own = scopes.filter((scope) => !general.has(scope));
    const also = scopes.flatMap((scope) => general.get(scope) ?? []);
    return [
      `### ${title}`,
      "",
      ...keys(own),
      ...(also.length === 0
        ? []
        : [
            `${own.length === 0 ? "Those" : "And those"} of ${also.map((it) => `[${it}](#${anchor(it)})`).join(", ")}.`,
            "",
          ]),
    ];
  });
  for (const [scope] of shared) seen.add(scope);
  const unseen = everyScope().filter((scope) => !seen.has(scope));
  if (unseen.length > 0) throw new Error(`keys of no screen: ${unseen.map(({ title }) => title)}`);
  return `${[
    "# Keys of the terminal UI",
    "",
    madeBy("the table of keys (src/tui/keys)"),
    "",
    "`?` shows those that are live. Within a screen its own keys count first, those of everywhere last.",
    "Keys marked *writes* change something outside of the screen; `--readonly` leaves them out.",
    "",
    "## Everywhere",
    "",
    ...keys([generalKeys.everywhere]),
    "## Command line",
    "",
    "Behind `:`, with completion; a word may be shortened as long as one is meant.",
    "",
    ...table(
      ["word", "does"],
      commandWords.map(({ name, aliases, takes, help }) => [
        `\`:${name}${takes === undefined ? "" : ` ${takes}`}\``,
        aliases.length === 0 ? help : `${help} (${aliases.map((it) => `\`:${it}\``).join(", ")})`,
      ]),
    ),
    "## Of many screens",
    "",
    ...shared.flatMap(([scope, title]) => [`### ${title}`, "", ...keys([scope])]),
    "## Screens",
    "",
    ...screenParts,
    "## At times",
    "",
    ...atTimes.flatMap(([scope, title]) => [`### ${title}`, "", ...keys([scope])]),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

/** Titles of screens, and of the tabs of a checkpoint, with the keys that they have when they open. */
function everyScreen(): (readonly [title: string, scopes: readonly Scope[]])[] {
  const scopesOf = (screen: Screen<unknown, unknown>): readonly Scope[] =>
    screen.scopes(screen.open(argument, world).state);
  return Object.entries(screens).flatMap(([kind, screen]) => {
    if (kind !== "checkpoint") return [[titles[kind] ?? kind, scopesOf(screen)] as const];
    return tabs.map(
      (tab) =>
        [
          `Checkpoint: ${tab.title}`,
          [...scopesOf(tab as Screen<unknown, unknown>), generalKeys.tabKeys],
        ] as const,
    );
  });
}

function keys(scopes: readonly Scope[]): readonly string[] {
  return table(
    ["key", "does"],
    scopes.flatMap(({ bindings }, at) =>
      bindings
        .filter(({ help }) => help !== "")
        // A key that a table before has means what that says.
        .filter(({ keys: names, command }) => {
          const before = commandOf(names[0] ?? "", scopes.slice(0, at));
          return before === undefined || before === command;
        })
        .map(({ keys: names, help, writes }) => [
          names.map((name) => `\`${keyLabel(name)}\``).join(" "),
          writes === true ? `${help} (*writes*)` : help,
        ]),
    ),
  );
}
