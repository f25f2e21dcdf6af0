import { describe, expect, it } from "vitest";
import type { Candidate, Detector, Judgement } from "../../../src/memory/secrets/detector.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";
import { artificialIntelligence } from "./examples/artificial-intelligence.ts";
import { assignment } from "./examples/assignment.ts";
import { chat } from "./examples/chat.ts";
import { cloud } from "./examples/cloud.ts";
import { database } from "./examples/database.ts";
import { infrastructure } from "./examples/infrastructure.ts";
import { keyMaterial } from "./examples/key-material.ts";
import type { Examples } from "./examples/made.ts";
import { observability } from "./examples/observability.ts";
import { payment } from "./examples/payment.ts";
import { registry } from "./examples/registry.ts";
import { sourceHosting } from "./examples/source-hosting.ts";
import { token } from "./examples/token.ts";

const groups: Record<string, Record<string, Examples>> = {
  cloud,
  "source-hosting": sourceHosting,
  chat,
  payment,
  registry,
  database,
  observability,
  "artificial-intelligence": artificialIntelligence,
  infrastructure,
  token,
  "key-material": keyMaterial,
  assignment,
};

interface Hit {
  candidate: Candidate;
  judgement: Judgement;
  start: number;
}

/** What a detector finds in a text as it lies in memory, with something else on either side. */
function hitsOf(detector: Detector, example: string): Hit[] {
  const text = `\0\x7fELF\0${example}\0\0`;
  const expression = new RegExp(detector.expression, `${detector.expression.flags}g`);
  return [...text.matchAll(expression)].flatMap((match) => {
    const groups = match.groups ?? {};
    const candidate = { match: match[0], secret: groups["secret"] ?? match[0], groups };
    const judgement =
      detector.judge?.(candidate) ?? (detector.judge ? undefined : { proof: "form" as const });
    return judgement === undefined ? [] : [{ candidate, judgement, start: match.index }];
  });
}

const named = detectors.map((detector): [string, Detector] => [detector.id, detector]);

describe("the table of examples", () => {
  it("has every detector in the group of its file, and no other", () => {
    const expected = detectors.map(({ group, id }) => `${group}/${id}`).sort();
    const found = Object.entries(groups).flatMap(([group, table]) =>
      Object.keys(table).map((id) => `${group}/${id}`),
    );
    expect(found.sort()).toEqual(expected);
    expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
    expect(detectors.length).toBeGreaterThan(65);
  });

  it("has three examples of either kind at least", () => {
    const thin = Object.values(groups).flatMap((table) =>
      Object.entries(table).filter(([, { yes, no }]) => yes.length < 3 || no.length < 3),
    );
    expect(thin.map(([id]) => id)).toEqual([]);
  });
});

/** Taken from manuals, programs and documents in which nothing secret stands. */
const ordinary = [
  "proxy [bindname=BINDNAME,password=PASSWORD]\n\nNote: based on",
  "def __init__(self, key, cert, domain, password=None):\n",
  "self.password = config['password']\n",
  "Example: 'DEDUP_TOKEN: foo-bar-main'. Default is",
  ":type passphrase: :py:data:`bytes`\n",
  "instead of giving you a password: prompt):\n",
  "README: s#password: cvs#password: [empty password]",
  "passphrase: <string>]}. The object form",
  "GL_STENCIL_PASS_DEPTH_PASS: 0x0B96;",
  "const password = 'Password used to generate key';",
  "password: 'some password', // Used to",
  "let b:netrw_hup[host].passwd = s:netrw_passwd\n",
  "if(!e.password||e.password.length<8)throw new TypeError(t.invalidPassword)",
  "function authenticate(token){return token.secret===this.secret&&token.value}",
  "--password-file=FILE read the password from FILE\n  --token=TOKEN     use this token\n",
  "mysql_native_password=ON\ncaching_sha2_password::rsa\n",
  "PAM_AUTHTOK=%s password:%d pwd=%p secret=%1$s token=%lu",
  'echo "PASSWORD=$PASSWORD" && export TOKEN="$(cat /run/token)"',
  "https://user:password@host:port/path http://[user[:pass]@]host/ ftp://%s:%s@%s/",
  "postgresql://[user[:password]@][host][:port] mongodb://username:password@host",
  "/var/run/secrets/kubernetes.io/serviceaccount/token\0KUBERNETES_SERVICE_HOST=10.96.0.1\0",
  "PATH=/usr/local/sbin:/usr/bin\0HOME=/root\0PWD=/srv/app\0OLDPWD=/root/work\0",
  "GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568\0PYTHON_VERSION=3.11.2\0",
  "sk-SK task-switching-between-processes disk-based-storage-engine-name",
  "xoxo-hugs AIza SG.DATA.LENGTH ghp_ npm_config_registry pypi-publish hvs.c",
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
  "sha256:f3a989865ba5ac7856873aff9f48680199a1d5856b9201867ca3c729b625d457",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGgd1ZkXvJ8mZQm3Vq9a7o9VnZ2kFqvX6Wm4qj0u1l7H a@b",
  "checkpoint-counter_default-counter-2026-11-21T21:05:01Z.tar token bucket filter",
  "Authorization: Bearer <token>\nAuthorization: Basic <credentials>\nX-Api-Key: {key}",
  "-----BEGIN CERTIFICATE-----\0-----END CERTIFICATE-----\0-----BEGIN PRIVATE KEY-----\0",
  "crypt: $6$ is SHA-512, $5$ is SHA-256, $2b$ bcrypt, $y$ yescrypt: $id$salt$encrypted",
];

describe("texts without secrets", () => {
  it.each(ordinary.map((text) => [text]))("hold none: %j", (text) => {
    const found = detectors.filter((detector) => hitsOf(detector, text).length > 0);
    expect(found.map(({ id }) => id)).toEqual([]);
  });
});

describe.each(named)("%s", (id, detector) => {
  const { yes, no } = groups[detector.group]?.[id] ?? { yes: [], no: [] };

  it("finds its secrets, each around a keyword and within its length", () => {
    const missed = yes.filter((example) => hitsOf(detector, example).length === 0);
    expect(missed).toEqual([]);
    for (const { candidate } of yes.flatMap((example) => hitsOf(detector, example))) {
      const lower = candidate.match.toLowerCase();
      const places = detector.keywords
        .map((keyword) => lower.indexOf(keyword))
        .filter((at) => at !== -1);
      expect(places.length, candidate.match).toBeGreaterThan(0);
      expect(Math.min(...places)).toBeLessThanOrEqual(detector.lead ?? detector.longest);
      expect(candidate.match.length).toBeLessThanOrEqual(detector.longest);
    }
  });

  it("finds nothing in what only looks alike", () => {
    expect(no.filter((example) => hitsOf(detector, example).length > 0)).toEqual([]);
  });

  it("tells nothing of a secret in its facts", () => {
    for (const { candidate, judgement } of yes.flatMap((example) => hitsOf(detector, example))) {
      const { secret, groups } = candidate;
      const told = JSON.stringify(judgement.facts ?? {});
      for (const part of [secret, groups["random"], groups["body"], judgement.identity]) {
        if (part !== undefined && part.length >= 6) expect(told).not.toContain(part);
      }
    }
  });
});
