import { isCodeLike } from "./code-like.ts";
import { isPlaceholder } from "./invented.ts";

/** Words that stand behind `password=` in help texts, programs and forms, and are no password. */
const words = new Set(
  (
    "auth authentication authenticate basic bearer boolean bytes callback cert certificate change " +
    "char config confirm const content context cookie credential credentials current data database " +
    "default delete disable disabled email empty enable enabled encrypted encryption enter error " +
    "expired export extends external false field file first forgot form format from function get " +
    "global hash header hidden hint host https import incorrect input insecure internal invalid " +
    "is_valid key keys label length literal local login long main manager master match message " +
    "method missing mode module name needed never new none not null number object old only open " +
    "optional option options other output pass passphrase passwd password passwords path pattern " +
    "permission please plain plaintext private prompt property protected provided public query " +
    "random read redacted regexp reject remote request required reset response return returns root " +
    "salt same scope secret secrets select self server service session set sha256 short show " +
    "simple source special static status stdin stdout store string strong struct submit super " +
    "symbol system template test text this throw token tokens true type typeof undefined unix " +
    "unknown unset update url use used user userid username using val value values variable verify " +
    "version visible void weak when with without wrong your"
  ).split(" "),
);

/** Is every part of a value a word of help texts: `password`, `your-password`, `API_TOKEN`? */
function isPlainWord(value: string): boolean {
  const parts = value
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
  return parts.every((part) => words.has(part));
}

/** May a value be a password that somebody chose? Says no where it is a placeholder or a program's. */
export function mayBePassword(value: string): boolean {
  return !(isPlainWord(value) || isPlaceholder(value) || isCodeLike(value));
}
