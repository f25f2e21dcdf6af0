// A walk through samples/podman/rich-crun.tar: what is typed, what the screen must show then, what it
// is for, and how many ticks it stays in the recording. `npm run walk` records it; the e2e tests
// walk it.
export const steps = [
  {
    shows: "What fills it",
    says: "a checkpoint: whose it is, when it was frozen, what fills it",
    ticks: 3,
  },
  { keys: [":", "processes"], shows: "processes", says: ": takes commands", ticks: 1 },
  {
    keys: ["Enter"],
    shows: "(rich-deleted)",
    says: "its processes: a zombie, and a program that was deleted",
    ticks: 2,
  },
  {
    keys: ["Enter"],
    shows: "Capabilities",
    says: "Enter goes in: process 1, its rights and namespaces",
    ticks: 2,
  },
  {
    keys: ["Tab"],
    shows: "POSTGRES_PASSWORD",
    says: "Tab: its environment; secrets are masked",
    ticks: 2,
  },
  {
    keys: ["Escape", ":", "memory", "Enter"],
    shows: "29 mappings",
    says: "its memory: each mapping, and what of it was dumped",
    ticks: 2,
  },
  {
    keys: ["/", "rwx"],
    shows: /rwxp/,
    says: "/ filters: what is writable and executable",
    ticks: 1,
  },
  { keys: ["Enter", "Enter"], shows: "wx-page-marker", says: "Enter: its bytes", ticks: 2 },
  {
    keys: ["/", "mysecret"],
    shows: "mysecret",
    says: "/ finds text, bytes or an expression",
    ticks: 1,
  },
  {
    keys: ["Enter"],
    shows: /1 of \d/,
    says: "found: the panel reads what is under the cursor",
    ticks: 2,
  },
  { keys: ["n"], shows: /2 of \d/, says: "n goes to the next", ticks: 1 },
  {
    keys: [":", "secrets", "Enter"],
    shows: "AWS secret access key",
    says: "the secrets of the archive, each once, masked",
    ticks: 2,
  },
  { keys: ["m"], shows: "with memory", says: "m looks through memory too", ticks: 1 },
  {
    keys: ["Enter"],
    shows: "Places",
    says: "a secret: who knows it, and every place where it lies",
    ticks: 2,
  },
  {
    keys: ["Escape", ":", "audit", "Enter"],
    shows: "attack/memfd-code",
    says: "the audit: is it safe to keep, safe to restore",
    ticks: 2,
  },
  {
    keys: ["Enter"],
    shows: "Why it matters",
    says: "a finding: why it matters, what to do, where",
    ticks: 3,
  },
  {
    keys: ["Escape", ":", "restore", "Enter"],
    shows: "REMEDY",
    says: "what a place has to have for the restore",
    ticks: 3,
  },
  { keys: ["?"], shows: "sort by topic", says: "? shows every key that is live", ticks: 2 },
];
