import type { ManualPage } from "../../manual/page.ts";

const families: ManualPage = {
  about: `
Memory is found by address: in this dump, in the parent that a pre-dump left, in a file of the
container, or nowhere. Pages that the dump does not hold are never shown as zeros.`,
  examples: [["cryoscope memory ls cart.tar", "what there is"]],
  see: ["ps", "audit"],
};

const ls: ManualPage = {
  about: `
Mappings of each process with address, rights, size, how much of each was dumped and where the rest is: in a
file of the image, in the kernel, in a parent dump, left for lazy restore.`,
  examples: [
    ["cryoscope memory ls cart.tar", "of every process"],
    ["cryoscope memory ls --pid 1 -o wide cart.tar", "of one, in more columns"],
  ],
  see: ["memory read", "memory dump"],
};

const read: ManualPage = {
  about: `
A hexdump from an address on. Bytes that the dump does not hold are marked as that, with where they are.
--raw writes the bytes themselves, and does not to a terminal.`,
  examples: [
    ["cryoscope memory read --pid 1 --address 0x5f4000 --length 64 cart.tar", "64 bytes"],
    ["cryoscope memory read --pid 1 --address 0x5f4000 --raw cart.tar | wc -c", "to a pipe"],
  ],
  exits: { archive: "none of the bytes is in the dump, or the archive cannot be read" },
  security: "Bytes are not masked where --raw is given.",
  see: ["memory ls", "memory search"],
};

const search: ManualPage = {
  about: `
Each page is read once, also where processes share it, and a hit is told at every address that shows it.
Windows overlap, so a match across pages is found. Plain archives are searched by several threads.

An expression is JavaScript's, on bytes: \`.\` is any byte but a line end, and characters beyond ASCII
have to be written as their UTF-8 bytes. --everywhere looks also into what lies outside of memory.`,
  examples: [
    ["cryoscope memory search --text /bin/counter cart.tar", "a text"],
    [
      "cryoscope memory search --regex 'PATH=[ -~]+' --pid 1 cart.tar",
      "an expression, in one process",
    ],
    [
      "cryoscope memory search --hex 7f454c46 --limit 1 -o json cart.tar",
      "bytes: the head of an ELF file",
    ],
  ],
  exits: { findings: "nothing was found" },
  see: ["memory strings", "memory secrets"],
};

const strings: ManualPage = {
  about: `
What strings(1) does, for memory: every run of printable characters that is long enough, with its address.
Words that announce a secret have what follows them masked. A page that processes share is read once.`,
  examples: [
    ["cryoscope memory strings cart.tar | head", "the first ones"],
    [
      "cryoscope memory strings --encoding utf16le --min-length 8 cart.tar",
      "texts of Windows, Java and JavaScript",
    ],
  ],
  see: ["memory search", "strings(1)"],
};

const secrets: ManualPage = {
  about: `
Looks for keys, tokens, passwords and certificates in memory, environments, command lines, queues, deleted
files, logs, metadata, changed files and volumes. What looks like one is judged by checksum or structure
where that can be done offline; nothing is ever sent anywhere. Each secret is told once, with what
names it, all its places, and a fingerprint that is the same in the next checkpoint. docs/rules.md lists
the detectors.`,
  examples: [
    ["cryoscope memory secrets cart.tar", "all of them, masked"],
    ["cryoscope memory secrets -o json cart.tar | jq -r '.items[].detector'", "their kinds"],
  ],
  exits: { fine: "there are none", findings: "there are secrets" },
  security: `
A fingerprint is made by scrypt, so that a report is no list to try passwords on. What no detector knows is
not found: silence is no proof.`,
  see: ["audit", "memory search"],
};

const dump: ManualPage = {
  about: `
A file for each mapping that has something in the dump, named by pid and addresses, as long as the mapping.
Pages that the dump does not hold are holes.`,
  examples: [
    ["mkdir memory && cryoscope memory dump --pid 1 -C memory cart.tar", "of one process"],
    ["cryoscope memory dump --pid 1 --mapping 0x5f4000 cart.tar", "one mapping, into this folder"],
  ],
  security: "The files hold memory as it is, and are 0600.",
  see: ["memory core", "memory ls"],
};

const core: ManualPage = {
  about: `
A core file with all threads, registers, auxiliary vector, mapped files and memory, as the kernel would have
written it, for gdb. Parts of files that nobody changed are not in it; gdb takes them from the program,
which extract or the image have. x86-64 and aarch64.`,
  examples: [["cryoscope memory core --pid 1 cart.tar", "core.1, for gdb"]],
  exits: { archive: "the archive cannot be read, or memory of the process is missing" },
  security: "The core holds memory as it is, and is 0600. --reveal changes nothing in it.",
  see: ["memory dump", "gdb(1)", "core(5)"],
};

export const memoryPages: Readonly<Record<string, ManualPage>> = {
  memory: families,
  "memory ls": ls,
  "memory read": read,
  "memory search": search,
  "memory strings": strings,
  "memory secrets": secrets,
  "memory dump": dump,
  "memory core": core,
};
