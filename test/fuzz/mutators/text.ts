import type { Random } from "../random.ts";
import { type Part, withBody } from "../subject.ts";
import { changePart, type Mutator, pickPart } from "./mutator.ts";
import { spellOut, strangeNumber, strangeText } from "./values.ts";

const isText = ({ name, body }: Part): boolean =>
  body.length > 0 &&
  (/\.(log|yaml|txt|json|conf)$|^(status|network\.status|io\.kubernetes)/.test(name) ||
    name === "text");

/** Phrases on which logs and policies turn. */
const phrases = [
  "(00.000000) ",
  "(999999999.999999) ",
  "(00.1) ",
  "Error (criu/files-reg.c:1234): Can't dump ghost file /x of 9999999999999999999999 size",
  "Error (criu/cr-restore.c:2536): Restoring FAILED.",
  "Dumping finished successfully",
  "pie: 1: Error (criu/pie/restorer.c:1): mmap failed with code -12",
  "Version: 4.2 (gitid v4.2)",
  "Running on \x1b[1mhost\x1b[0m Linux 6.1",
  "  - {rule: hostile/setuid, reason: x}",
  "rules:",
  "&a [*a, *a]",
  "<<: *a",
  "!!js/function x",
  "pattern: '(a+)+$'",
  "regex: '(?=x)'",
  "? [a, b]",
  "\t- x",
  "%YAML 1.9",
  "---",
];

const lines: Mutator = {
  op: "text-line",
  weight: 6,
  choose(random, subject) {
    const part = pickPart(random, subject, isText);
    if (part === undefined) return undefined;
    const count = part.body.toString("latin1").split("\n").length;
    const how = random.pick([
      "drop",
      "twice",
      "many",
      "insert",
      "insert",
      "numbers",
      "append",
      "swap",
    ]);
    return {
      part: part.name,
      how,
      line: random.below(count),
      to: random.below(count),
      text: strangeLine(random),
      number: strangeNumber(random).toString(),
    };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const list = part.body.toString("utf8").split("\n");
      const at = Number(mutation["line"]);
      const line = list[at];
      if (line === undefined) return undefined;
      const to = Number(mutation["to"]);
      const text = spellOut(String(mutation["text"]));
      switch (mutation["how"]) {
        case "drop":
          list.splice(at, 1);
          break;
        case "twice":
          list.splice(to, 0, line);
          break;
        case "many":
          list.splice(to, 0, ...Array.from({ length: 2000 }, () => line.slice(0, 200)));
          break;
        case "insert":
          list.splice(at, 0, text);
          break;
        case "append":
          list[at] = line + text;
          break;
        case "swap":
          list[at] = list[to] ?? line;
          break;
        default:
          list[at] = line.replaceAll(/\d+/g, String(mutation["number"]));
      }
      return withBody(part, Buffer.from(list.join("\n")));
    }),
};

const strangeLine = (random: Random): string =>
  random.once(2) ? random.pick(phrases) : strangeText(random);

/** The file's name, which the kubelet's grammar is read from. */
const fileName: Mutator = {
  op: "file-name",
  weight: 1,
  choose(random, { fileName: name }) {
    const text = strangeText(random)
      .replaceAll(/[/\0]|^long:\d+$/g, "_")
      .slice(0, 60);
    const at = random.below(name.length);
    return {
      at,
      remove: random.below(4),
      text: random.once(2) ? text : random.pick(["-", "_", "--", "__", "T", ":", ".tar", "é"]),
    };
  },
  apply(subject, mutation) {
    const at = Number(mutation["at"]);
    const { fileName: name } = subject;
    // Lone surrogates are as the file system gives them back.
    const changed = Buffer.from(
      `${name.slice(0, at)}${mutation["text"]}${name.slice(at + Number(mutation["remove"]))}`,
    ).toString();
    const fits =
      Buffer.byteLength(changed) <= 250 &&
      !changed.startsWith("-") &&
      !/^\.*$/.test(changed) &&
      !changed.includes("/");
    if (fits) subject.fileName = changed;
  },
};

export const textMutators: readonly Mutator[] = [lines, fileName];
