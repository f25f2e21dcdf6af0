/** What may stand before a word, so that it can announce a secret. */
export type Before = "anything" | "edge" | "joint";
/** What has to stand behind it. */
export type Behind = "anything" | "name end" | "blank" | "password";

/** A word, in lower case, without which no text holds a secret that `maskText` would find. */
export interface SecretWord {
  /** Three to sixteen characters of ASCII; found in upper case too. */
  readonly word: string;
  readonly before: Before;
  readonly behind: Behind;
}

const word = (before: Before, behind: Behind, words: string): SecretWord[] =>
  words.split(" ").map((word) => ({ word, before, behind }));

/**
 * The words that names of secrets end in or have in them (see `isSecretName`), and the other marks
 * of a secret: HTTP's schemes, and `://` of a URL with a password. Memory holds millions of texts,
 * and nearly none of these: who looks for them first need not take apart the rest. The kernel does
 * so by the same table (memory/text-printer.ts).
 */
export const secretWords: readonly SecretWord[] = [
  ...word("anything", "anything", "passw secret"),
  ...word("anything", "name end", "pass passphrase pwd token credential auth authorization"),
  ...word("anything", "name end", "apikey accesskey privatekey"),
  ...word("joint", "name end", "key"),
  ...word("edge", "name end", "pat pin salt dsn cookie jwt"),
  ...word("edge", "blank", "bearer basic"),
  ...word("anything", "password", "://"),
];

// Looked at behind the word, so that the expression begins with plain letters.
const beforeRules: Record<Before, (word: string) => string> = {
  anything: () => "",
  edge: (word) => `(?<![a-z0-9]${word})`,
  joint: (word) => `(?<=[-_.]${word})`,
};
const behindRules: Record<Behind, string> = {
  anything: "",
  // PASSWORD=, password: , "password": or "password", and --password with a blank behind it.
  "name end": "s?(?:=|:[ \\t]|\\\\*[\"']\\s*[:=,]|\\s(?<=(?:^|[^\\w-])-[\\w-]*\\s))",
  blank: "\\s",
  password: "[^\\s:/@\"']*:[^\\s/\"']*@",
};

/** Words by their first letter: that is ten times faster than to try each of them everywhere. */
const marks = new RegExp(
  [...new Set(secretWords.map(({ word }) => word.charAt(0)))]
    .map((first) => {
      const rests = secretWords
        .filter(({ word }) => word.startsWith(first))
        .map(
          ({ word, before, behind }) =>
            `${word.slice(1)}${beforeRules[before](word)}${behindRules[behind]}`,
        );
      return `${first}(?:${rests.join("|")})`;
    })
    .join("|"),
  "i",
);

/** May a text hold a secret that `maskText` would hide? Says so too often, never too rarely. */
export function mayHoldSecret(text: string): boolean {
  return marks.test(text);
}
