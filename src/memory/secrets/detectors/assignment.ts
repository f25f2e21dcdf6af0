import type { Detector } from "../detector.ts";
import { judgePassword, judgeSecret } from "../validate/assigned.ts";

const passwordWords = [
  "password",
  "passwd",
  "passphrase",
  "passcode",
  "_pass=",
  "_pass:",
  "_pass ",
  "pwd=",
  "pwd:",
  "pwd ",
];

export const assignment: readonly Detector[] = [
  {
    id: "password-assignment",
    title: "Password behind its name: NAME=value, name: value",
    group: "assignment",
    severity: "medium",
    keywords: passwordWords,
    expression:
      /(?<=(?<before>[\w.-]{0,16}))(?<word>pass(?:word|wd|phrase|code)|_pass|pwd)(?<join>=|\s{0,3}:\s{1,3}|\s{1,3}:?=\s{1,3})(?<secret>[!#%()*+./0-9:<=>?@A-[\]-~-][!#-%(-+./0-9:<=>?@A-[\]-~-]{3,127})(?<after>[ -~]?)/i,
    longest: 150,
    lead: 0,
    judge: judgePassword,
  },
  {
    id: "password-literal",
    title: "Password in quotes behind its name: JSON, YAML, programs",
    group: "assignment",
    severity: "medium",
    keywords: passwordWords.slice(0, 4),
    expression:
      /(?<=(?<before>[\w.-]{0,16}))(?<word>pass(?:word|wd|phrase|code))(?:\\{0,3}["'])?\s{0,3}(?<join>=>|:=|=|:)\s{0,3}(?<quote>\\{0,3}["'])(?<secret>[ !#-&(-[\]-~]{4,127})\\{0,3}["']/i,
    longest: 160,
    lead: 0,
    judge: judgePassword,
  },
  {
    id: "secret-assignment",
    title: "Token, key or secret behind its name: NAME=value, name: value",
    group: "assignment",
    severity: "medium",
    keywords: ["secret", "token", "credential", "_key", "apikey", "api-key", "accesskey"],
    expression:
      /(?<=(?<before>[\w.-]{0,16}))(?<word>secret|token|credentials?|(?<=(?:api|access|secret|private|signing|encryption|master|auth|account|app|client))_key|api-?key|accesskey)(?<join>=|\s{0,3}:\s{1,3}|\s{1,3}:?=\s{1,3})(?<secret>[!#%()*+./0-9:<=>?@A-[\]-~-][!#-%(-+./0-9:<=>?@A-[\]-~-]{7,255})(?<after>[ -~]?)/i,
    longest: 290,
    lead: 0,
    judge: judgeSecret,
  },
  {
    id: "secret-literal",
    title: "Token, key or secret in quotes behind its name: JSON, YAML, programs",
    group: "assignment",
    severity: "medium",
    keywords: ["secret", "token", "credential", "_key", "apikey", "api-key", "accesskey"],
    expression:
      /(?<=(?<before>[\w.-]{0,16}))(?<word>secret|token|credentials?|(?<=(?:api|access|secret|private|signing|encryption|master|auth|account|app|client))_key|api-?key|accesskey)(?:\\{0,3}["'])?\s{0,3}(?<join>=>|:=|=|:)\s{0,3}(?<quote>\\{0,3}["'])(?<secret>[!#-&(-[\]-~]{8,255})\\{0,3}["']/i,
    longest: 290,
    lead: 0,
    judge: judgeSecret,
  },
];
