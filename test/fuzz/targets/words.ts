import type { Random } from "../random.ts";
import type { SeedKind } from "../seeds.ts";

/** A command that is given a mutant. `FILE` stands for it, `SEED` for what it was made of. */
export interface CommandTarget {
  name: string;
  kind: SeedKind;
  weight: number;
  words: (random: Random) => string[];
  /** Its output is bytes of the archive, not text. */
  raw?: boolean;
  /** It names things that a mutant may have no longer, or the mutant is a setting. */
  usage?: boolean;
  /** It makes files, which must not be there yet. */
  writes?: boolean;
  /** The mutant comes by standard input now and then. */
  pipe?: boolean;
}

const formats = ["table", "table", "wide", "json", "json", "yaml"];

const form = (random: Random, more: readonly string[] = []): string[] => {
  const format = random.pick([...formats, ...more]);
  return format === "table" ? [] : ["-o", format];
};
const maybe = (random: Random, ...words: string[]): string[] => (random.once(4) ? words : []);
const any = ["--permissions", "any"];

const simple = (
  name: string,
  weight: number,
  more: (random: Random) => string[] = () => [],
): CommandTarget => ({
  name,
  kind: "archive",
  weight,
  pipe: true,
  words: (random) => [name, ...any, ...form(random), ...more(random), "FILE"],
});

const memory = (
  verb: string,
  weight: number,
  more: (random: Random) => string[],
  raw = false,
): CommandTarget => ({
  name: `memory ${verb}`,
  kind: "archive",
  weight,
  raw,
  usage: true,
  writes: verb === "core" || verb === "dump",
  words: (random) => ["memory", verb, ...any, ...more(random), "FILE"],
});

const addresses = [
  "0",
  "0x400000",
  "0x7ffffffde000",
  "0xffffffffff600000",
  "0xffffffffffffffff",
  "0x7f0000000000",
];

/** Of the first processes in the samples. */
const pids = ["1", "1", "1", "2", "19", "25"];

export const commandTargets: readonly CommandTarget[] = [
  simple("inspect", 20, (random) => maybe(random, "--reveal")),
  simple("images", 8),
  simple("ps", 8),
  {
    name: "ps of one",
    kind: "archive",
    weight: 6,
    usage: true,
    words: (random) => ["ps", ...any, ...form(random), "--pid", random.pick(pids), "FILE"],
  },
  simple("env", 6, (random) => maybe(random, "--reveal")),
  simple("files", 8),
  simple("sockets", 7),
  simple("mounts", 6),
  {
    name: "list",
    kind: "archive",
    weight: 8,
    words: (random) => ["list", ...any, ...form(random), "FILE"],
  },
  {
    name: "audit",
    kind: "archive",
    weight: 6,
    words: (random) => [
      "audit",
      ...any,
      ...form(random, ["sarif", "junit", "html"]),
      ...(random.once(12) ? [] : ["--no-memory"]),
      ...maybe(random, "--fail-on", "none"),
      "FILE",
    ],
  },
  {
    name: "diff",
    kind: "archive",
    weight: 4,
    words: (random) => [
      "diff",
      ...any,
      ...form(random),
      ...(random.once(3) ? [] : ["--no-findings"]),
      ...maybe(random, "--pages"),
      ...random.pick([
        ["SEED", "FILE"],
        ["FILE", "SEED"],
      ]),
    ],
  },
  {
    name: "restore plan",
    kind: "archive",
    weight: 7,
    words: (random) => ["restore", "plan", ...any, ...form(random), "FILE"],
  },
  {
    name: "restore manifest",
    kind: "archive",
    weight: 4,
    words: (random) => [
      "restore",
      "manifest",
      ...any,
      ...random.pick([[], ["-o", "json"]]),
      "--image",
      "registry.example/a:b",
      "FILE",
    ],
  },
  {
    name: "restore image",
    writes: true,
    kind: "archive",
    weight: 1,
    words: (random) => [
      "restore",
      "image",
      ...any,
      ...form(random),
      "--output-file",
      "oci-archive:OUT/image.tar",
      "FILE",
    ],
  },
  {
    name: "explain",
    kind: "archive",
    weight: 3,
    words: (random) => ["explain", ...any, ...form(random), ...maybe(random, "--timeline"), "FILE"],
  },
  {
    name: "decode all",
    writes: true,
    kind: "archive",
    weight: 3,
    words: (random) => [
      "decode",
      ...any,
      ...maybe(random, "--pretty"),
      "--all",
      "-C",
      "OUT",
      "FILE",
    ],
  },
  {
    name: "extract",
    writes: true,
    usage: true,
    kind: "archive",
    weight: 4,
    words: (random) => [
      "extract",
      ...any,
      ...form(random),
      ...maybe(random, "--links", "keep"),
      ...random.pick([
        ["FILE"],
        ["--deleted", "FILE"],
        ["FILE", "rootfs-diff.tar!**"],
        ["FILE", "**/*.log"],
      ]),
      "-C",
      "OUT",
    ],
  },
  {
    name: "extract to stdout",
    usage: true,
    kind: "archive",
    weight: 1,
    raw: true,
    words: (random) => [
      "extract",
      ...any,
      "--stdout",
      "FILE",
      random.pick(["config.dump", "checkpoint/pstree.img", "rootfs-diff.tar"]),
    ],
  },
  memory("ls", 5, (random) => form(random)),
  memory("read", 4, (random) => [
    "--address",
    random.pick(addresses),
    "--length",
    random.pick(["16", "4096", "1048576"]),
    "--pid",
    "1",
  ]),
  memory("search", 3, (random) =>
    random.pick([
      ["--text", "PATH="],
      ["--hex", "7f454c46"],
      ["--regex", "[A-Z_]{4,}="],
      ["--text", "x", "--everywhere", "--limit", "50"],
    ]),
  ),
  memory("strings", 2, (random) => [
    "--limit",
    "200",
    "--encoding",
    random.pick(["ascii", "utf16le", "utf8"]),
  ]),
  memory("secrets", 1, (random) => form(random)),
  memory("core", 1, () => ["-C", "OUT"]),
  memory("dump", 1, () => ["-C", "OUT"]),
  {
    name: "encode",
    kind: "crit",
    weight: 70,
    raw: true,
    words: () => ["encode", "FILE"],
  },
  {
    name: "explain a log",
    kind: "log",
    weight: 60,
    words: (random) => ["explain", ...any, ...form(random), ...maybe(random, "--timeline"), "FILE"],
  },
  {
    name: "policy",
    usage: true,
    kind: "policy",
    weight: 12,
    words: () => ["audit", "--print-policy", "--policy", "FILE"],
  },
];
