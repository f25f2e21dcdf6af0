import type { Field } from "../schema/schema.ts";

/**
 * How crit shows numbers with `--pretty`: flags by name, small enumerations as words, devices as
 * `major:minor`, addresses in their usual notation. Tables as in crit 4.2.1, its own wording of
 * states included, so that its JSON can be compared with ours. They repeat rows of
 * `files/flags.ts`, and stand apart from it: those follow Linux's headers, these crit's output.
 */
type FlagTable = readonly (readonly [name: string, bit: number])[];

const flagTables: Record<string, FlagTable> = {
  "mmap.prot": [
    ["PROT_READ", 0x1],
    ["PROT_WRITE", 0x2],
    ["PROT_EXEC", 0x4],
  ],
  "mmap.flags": [
    ["MAP_SHARED", 0x1],
    ["MAP_PRIVATE", 0x2],
    ["MAP_DROPPABLE", 0x8],
    ["MAP_ANON", 0x20],
    ["MAP_GROWSDOWN", 0x100],
  ],
  "mmap.status": [
    ["VMA_AREA_NONE", 0],
    ["VMA_AREA_REGULAR", 1 << 0],
    ["VMA_AREA_STACK", 1 << 1],
    ["VMA_AREA_VSYSCALL", 1 << 2],
    ["VMA_AREA_VDSO", 1 << 3],
    ["VMA_AREA_HEAP", 1 << 5],
    ["VMA_FILE_PRIVATE", 1 << 6],
    ["VMA_FILE_SHARED", 1 << 7],
    ["VMA_ANON_SHARED", 1 << 8],
    ["VMA_ANON_PRIVATE", 1 << 9],
    ["VMA_AREA_SYSVIPC", 1 << 10],
    ["VMA_AREA_SOCKET", 1 << 11],
    ["VMA_AREA_VVAR", 1 << 12],
    ["VMA_AREA_AIORING", 1 << 13],
    ["VMA_AREA_MEMFD", 1 << 14],
    ["VMA_AREA_SHSTK", 1 << 15],
    ["VMA_AREA_UPROBES", 1 << 17],
    ["VMA_UNSUPP", 0x80000000],
  ],
  "rfile.flags": [
    ["O_WRONLY", 0o1],
    ["O_RDWR", 0o2],
    ["O_CREAT", 0o100],
    ["O_EXCL", 0o200],
    ["O_NOCTTY", 0o400],
    ["O_TRUNC", 0o1000],
    ["O_APPEND", 0o2000],
    ["O_NONBLOCK", 0o4000],
    ["O_DSYNC", 0o10000],
    ["FASYNC", 0o20000],
    ["O_DIRECT", 0o40000],
    ["O_LARGEFILE", 0o100000],
    ["O_DIRECTORY", 0o200000],
    ["O_NOFOLLOW", 0o400000],
    ["O_NOATIME", 0o1000000],
    ["O_CLOEXEC", 0o2000000],
  ],
  "seals.flags": [
    ["F_SEAL_SEAL", 0x1],
    ["F_SEAL_SHRINK", 0x2],
    ["F_SEAL_GROW", 0x4],
    ["F_SEAL_WRITE", 0x8],
    ["F_SEAL_FUTURE_WRITE", 0x10],
  ],
  "pmap.flags": [
    ["PE_PARENT", 1],
    ["PE_LAZY", 2],
    ["PE_PRESENT", 4],
  ],
};

const words: Record<string, Record<string, Record<number, string>>> = {
  gen: { task_state: { 1: "Alive", 3: "Zombie", 6: "Stopped" } },
  sk: {
    family: { 1: "UNIX", 2: "INET", 10: "INET6", 16: "NETLINK", 17: "PACKET" },
    type: { 1: "STREAM", 2: "DGRAM", 3: "RAW", 5: "SEQPACKET", 10: "PACKET" },
    state: {
      1: "ESTABLISHED",
      2: "SYN_SENT",
      3: "SYN_RECV",
      4: "FIN_WAIT1",
      5: "FIN_WAIT2",
      6: "TIME_WAIT",
      7: "CLOSE",
      8: "CLOSE_WAIT",
      9: "LAST_ACK",
      10: "LISTEN",
    },
    proto: { 0: "IP", 6: "TCP", 17: "UDP", 136: "UDPLITE" },
  },
};

/** A number as `--pretty` shows it, or the number itself where it has no other form. */
export function showNumber(
  field: Field,
  value: number | bigint,
  hex: boolean,
): string | number | bigint {
  const { hints } = field;
  if (hex) return pythonHex(value);
  if (hints["dev"] === true) return showDevice(value, hints["odev"] === true);
  if (typeof hints["flags"] === "string") return showFlags(hints["flags"], value);
  if (typeof hints["dict"] === "string") {
    return words[hints["dict"]]?.[field.name]?.[Number(value)] ?? value;
  }
  return value;
}

/** Reads what `showNumber` wrote. Undefined where the text means nothing for the field. */
export function readNumber(field: Field, text: string): bigint | undefined {
  const { hints } = field;
  if (hints["dev"] === true) return readDevice(text, hints["odev"] === true);
  const table = typeof hints["flags"] === "string" ? flagTables[hints["flags"]] : undefined;
  if (table !== undefined) return readFlags(table, text);
  if (typeof hints["dict"] === "string") {
    const dictionary = words[hints["dict"]]?.[field.name] ?? {};
    const known = Object.keys(dictionary).find((key) => dictionary[Number(key)] === text);
    if (known !== undefined) return BigInt(known);
  }
  return readInteger(text);
}

export function readInteger(text: string): bigint | undefined {
  if (!/^-?(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|\d+)$/.test(text)) return undefined;
  return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
}

function pythonHex(value: number | bigint): string {
  return value < 0 ? `-0x${(-BigInt(value)).toString(16)}` : `0x${value.toString(16)}`;
}

function showFlags(name: string, value: number | bigint): string {
  const table = flagTables[name];
  if (table === undefined) return pythonHex(value);
  let rest = BigInt(value);
  const names: string[] = [];
  for (const [flag, bit] of table) {
    if ((BigInt(value) & BigInt(bit)) === 0n) continue;
    names.push(flag);
    rest &= ~BigInt(bit);
  }
  if (rest !== 0n) names.push(pythonHex(rest));
  return names.join(" | ");
}

function readFlags(table: FlagTable, text: string): bigint | undefined {
  if (text === "") return 0n;
  let value = 0n;
  for (const word of text.split("|")) {
    const name = word.trim();
    const known = table.find(([flag]) => flag === name);
    const bits = known === undefined ? readInteger(name) : BigInt(known[1]);
    if (bits === undefined) return undefined;
    value += bits;
  }
  return value;
}

/** The kernel keeps devices with 20 bits for the minor; `odev` marks the C library's own form. */
function showDevice(value: number | bigint, old: boolean): string {
  const device = BigInt(value);
  if (!old) return `${device >> 20n}:${device & 0xfffffn}`;
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

function readDevice(text: string, old: boolean): bigint | undefined {
  const match = /^(\d+):(\d+)$/.exec(text);
  if (match === null) return readInteger(text);
  const major = BigInt(match[1] as string);
  const minor = BigInt(match[2] as string);
  if (!old) return (major << 20n) | minor;
  return (
    ((major & 0xfffn) << 8n) |
    ((major & ~0xfffn) << 32n) |
    (minor & 0xffn) |
    ((minor & ~0xffn) << 12n)
  );
}
