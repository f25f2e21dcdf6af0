import type { Judgement } from "../detector.ts";

interface Scheme {
  name: string;
  form: RegExp;
  /** Old ones are guessed a million times faster than those that were made to be slow. */
  weak?: boolean;
}

const crypt = "[./0-9A-Za-z]";
const schemes: readonly Scheme[] = [
  {
    name: "SHA-512 crypt",
    form: new RegExp(`^\\$6\\$(?:rounds=\\d{1,9}\\$)?${crypt}{1,16}\\$${crypt}{86}$`),
  },
  {
    name: "SHA-256 crypt",
    form: new RegExp(`^\\$5\\$(?:rounds=\\d{1,9}\\$)?${crypt}{1,16}\\$${crypt}{43}$`),
  },
  {
    name: "yescrypt",
    form: new RegExp(`^\\$g?y\\$${crypt}{1,16}\\$${crypt}{1,86}\\$${crypt}{43}$`),
  },
  { name: "bcrypt", form: new RegExp(`^\\$2[abxy]\\$(?:0[4-9]|[12]\\d|3[01])\\$${crypt}{53}$`) },
  {
    name: "MD5 crypt",
    form: new RegExp(`^\\$(?:1|apr1)\\$${crypt}{1,8}\\$${crypt}{22}$`),
    weak: true,
  },
  {
    name: "Argon2",
    form: /^\$argon2(?:id|i|d)\$v=\d{2}\$m=\d+,t=\d+,p=\d+\$[\w+/]{8,}\$[\w+/]{16,}$/,
  },
  {
    name: "SCRAM-SHA-256",
    form: /^SCRAM-SHA-256\$\d{3,7}:[\w+/]{16,44}={0,2}\$[\w+/]{43}=:[\w+/]{43}=$/,
  },
];

/** Judges a password's hash by its scheme's exact form: salt and hash have fixed lengths. */
export function judgePasswordHash(hash: string, user: string): Judgement | undefined {
  const scheme = schemes.find(({ form }) => form.test(hash));
  // Of one character many times over nobody made a hash.
  if (scheme === undefined || /(.)\1{9}|x{8}/.test(hash)) return undefined;
  return {
    proof: "structure",
    facts: { scheme: scheme.name, ...(user !== "" && { user }) },
    ...(scheme.weak && { severity: "high" }),
  };
}
