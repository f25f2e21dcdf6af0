import { writeSize } from "../../base/size.ts";
import { sanitize } from "../../base/text.ts";
import { formatPolicyDuration } from "./forms.ts";
import type { Policy } from "./policy.ts";

/**
 * A policy as YAML with comments, every key written out. Read back it is the same policy.
 * @returns safe for a terminal, whatever the policy holds.
 */
export function printPolicy(policy: Policy): string {
  const { failOn, thresholds, expect, secrets, allow, keep } = policy;
  return [
    "# A policy of cryoscope audit. What is left out here is as cryoscope has it by itself;",
    "# `extends: OTHER.yaml` lays this file over another.",
    "apiVersion: cryoscope/v1",
    "kind: AuditPolicy",
    "",
    "# Findings as grave as this make the exit code 1: critical, high, medium, low, info or none.",
    `failOn: ${failOn}`,
    "",
    "# Rules by their ids or patterns of them (docs/rules.md): off, on, a severity, or both:",
    '#   "housekeeping/*": off',
    "#   exposure/privileged: { enabled: true, severity: medium }",
    ...printRules(policy.rules),
    "",
    "thresholds:",
    "  # An archive is old after this time. null, here and below: there is no limit.",
    `  maxAge: ${orNull(thresholds.maxAge, formatPolicyDuration)}`,
    "  # Archives of one container.",
    `  maxArchivesPerContainer: ${thresholds.maxArchivesPerContainer}`,
    "  # Sizes of all archives together: 10Gi, 512Mi.",
    `  maxBytesPerContainer: ${orNull(thresholds.maxBytesPerContainer, writeSize)}`,
    `  maxBytesPerPod: ${orNull(thresholds.maxBytesPerPod, writeSize)}`,
    `  maxBytesPerNamespace: ${orNull(thresholds.maxBytesPerNamespace, writeSize)}`,
    `  maxBytesPerDirectory: ${orNull(thresholds.maxBytesPerDirectory, writeSize)}`,
    "  # What has to stay free where the archives lie.",
    `  minFreeBytes: ${orNull(thresholds.minFreeBytes, writeSize)}`,
    "  # Clocks may differ by this much.",
    `  clockSkew: ${formatPolicyDuration(thresholds.clockSkew)}`,
    "",
    "# What is expected; null: anything is. In patterns * is anything but /, ** anything, ? one",
    "# character.",
    "expect:",
    "  # cri-o, containerd, podman, criu, unknown.",
    ...printList("  runtimes", expect.runtimes),
    ...printList("  images", expect.images),
    ...printList("  namespaces", expect.namespaces),
    "  # Listening sockets: tcp/8080, udp/*, tcp/127.0.0.1:*.",
    ...printList("  listeners", expect.listeners),
    "  # Peers of connections: tcp/10.0.0.0/8:5432, tcp/*:443.",
    ...printList("  outbound", expect.outbound),
    "  # Folders in which archives are at home.",
    ...printList("  directories", expect.directories),
    "  # Host paths that may be mounted writable.",
    ...printList("  writableHostPaths", expect.writableHostPaths),
    "  # Capabilities that are nothing to tell.",
    ...printList("  capabilities", expect.capabilities),
    "",
    "secrets:",
    "  # Detectors that are not run.",
    ...printList("  disabled", secrets.disabled),
    "  # Detectors of your own: an expression of RE2's syntax, and keywords of which each match",
    "  # contains one. A group called secret is the part that is secret:",
    "  #   - id: acme-token",
    "  #     title: Token of Acme",
    "  #     keywords: [acme_]",
    '  #     expression: "acme_(?<secret>[a-z0-9]{32})"',
    "  #     severity: high",
    ...printEntries("  own", secrets.own),
    "",
    "# Findings that somebody looked at and accepts: by fingerprint, rule, detector of secrets, and",
    "# path of every place; until a day, and why.",
    "#   - fingerprint: 0123456789abcdef0123456789abcdef",
    "#     reason: a key of the test bench",
    "#     expires: 2027-01-31",
    ...printEntries("allow", allow),
    "",
    "# Archives that `audit --prune` never deletes, by patterns of their whole paths.",
    ...printList("keep", keep),
    "",
  ].join("\n");
}

function orNull(value: number | null, format: (value: number) => string): string {
  return value === null ? "null" : format(value);
}

function printRules(rules: Policy["rules"]): string[] {
  const entries = Object.entries(rules);
  if (entries.length === 0) return ["rules: {}"];
  return [
    "rules:",
    ...entries.map(([id, { enabled, severity }]) => {
      const said = [
        ...(enabled === undefined ? [] : [`enabled: ${enabled}`]),
        ...(severity === undefined ? [] : [`severity: ${severity}`]),
      ];
      return `  ${quote(id)}: ${said.length === 0 ? "{}" : `{ ${said.join(", ")} }`}`;
    }),
  ];
}

function printList(key: string, list: readonly string[] | null): string[] {
  if (list === null) return [`${key}: null`];
  if (list.length === 0) return [`${key}: []`];
  const indent = " ".repeat(key.length - key.trimStart().length + 2);
  return [`${key}:`, ...list.map((entry) => `${indent}- ${quote(entry)}`)];
}

function printEntries(key: string, entries: readonly object[]): string[] {
  if (entries.length === 0) return [`${key}: []`];
  const indent = " ".repeat(key.length - key.trimStart().length + 2);
  return [
    `${key}:`,
    ...entries.flatMap((entry) =>
      Object.entries(entry).map(
        ([name, value], at) =>
          `${indent}${at === 0 ? "-" : " "} ${name}: ${
            Array.isArray(value) ? `[${value.map(quote).join(", ")}]` : quote(value as string)
          }`,
      ),
    ),
  ];
}

/** Bare where it can only be read as a text, else in quotes, with escapes for what is unsafe. */
function quote(text: string): string {
  if (/^[a-z/][a-z0-9/_-]*$/i.test(text) && !/^(true|false|null|on|off|yes|no|y|n)$/i.test(text)) {
    return text;
  }
  return JSON.stringify(text).replace(/[^\x20-\x7e]/gu, escaped);
}

/** Text of other languages stays as it is; what moves a cursor or hides becomes `\uXXXX`. */
function escaped(character: string): string {
  if (sanitize(character) === character) return character;
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
