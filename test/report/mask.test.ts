import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretName, maskCommand, masked, maskNamed, maskText } from "../../src/base/mask.ts";

const secret = "hunter2-not-real";

describe("names of secrets", () => {
  it.each([
    "password",
    "PASSWORD",
    "POSTGRES_PASSWORD",
    "--password",
    "dbPass",
    "MYSQL_PWD",
    "Pwd",
    "passphrase",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID_TOKEN",
    "api-key",
    "apikey",
    "x-api-key",
    "GITHUB_TOKEN",
    "tokens",
    "auth",
    "client_secret",
    "secretValue",
    "SENTRY_DSN",
    "session-cookie",
    "PASSWORD_FILE_CONTENT",
    "Authorization",
  ])("%s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "author",
    "authority",
    "keyboard",
    "monkey",
    "--monkey",
    "turkey",
    "key",
    "PATH",
    "PWD",
    "OLDPWD",
    "bypass",
    "--max-tokens",
    "max_new_tokens",
    "tokenizer",
    "compass",
    "pinned",
    "HOSTNAME",
    "",
  ])("not %j", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("command lines", () => {
  it.each<[string[], string[]]>([
    [
      ["app", `--password=${secret}`],
      ["app", `--password=${masked}`],
    ],
    [
      ["app", "--password", secret, "serve"],
      ["app", "--password", masked, "serve"],
    ],
    [
      ["app", "-token", secret],
      ["app", "-token", masked],
    ],
    [
      ["env", `DB_PASSWORD=${secret}`, "app"],
      ["env", `DB_PASSWORD=${masked}`, "app"],
    ],
    [
      ["psql", `postgres://app:${secret}@db:5432/shop`],
      ["psql", `postgres://app:${masked}@db:5432/shop`],
    ],
    [
      ["psql", `--url=postgres://app:${secret}@db/shop`],
      ["psql", `--url=postgres://app:${masked}@db/shop`],
    ],
    [
      ["sh", "-c", `export A=1; DB_PASSWORD=${secret} exec app --token ${secret} -v`],
      ["sh", "-c", `export A=1; DB_PASSWORD=${masked} exec app --token ${masked} -v`],
    ],
    [
      ["curl", "-H", `Authorization: Bearer ${secret}`],
      ["curl", "-H", `Authorization: ${masked} ${masked}`],
    ],
    [
      ["app", `--config={"password":"${secret}"}`],
      ["app", `--config={"password":"${masked}"}`],
    ],
  ])("%j", (command, expected) => {
    const hidden = maskCommand(command);
    expect(hidden.join(" ")).not.toContain(secret);
    expect(hidden).toEqual(expected);
  });

  it.each([
    [["app", "--author=me", "--keyboard=us", "--monkey=x", "keyboard=us", "author=", "PWD=/srv"]],
    // A flag that is followed by another has no value here.
    [["mysql", "--password", "--host=db", "-h", "db"]],
    [["nginx", "-g", "daemon off;"]],
    [["app", "--listen=http://0.0.0.0:8080/x@y", "mail@example.com", "--max-tokens", "4096"]],
    [["java", "-Djava.security.egd=file:/dev/./urandom", "-jar", "/app.jar"]],
    [["sh", "-c", "while true; do echo count $n; sleep 1; done"]],
    [[]],
  ])("nothing in %j", (command) => {
    expect(maskCommand(command)).toEqual(command);
  });
});

/** The document as text in another document, `times` over. */
function wrapped(document: unknown, times: number): string {
  let text = JSON.stringify(document);
  for (let at = 0; at < times; at++) text = JSON.stringify({ annotation: text });
  return text;
}

describe("annotations", () => {
  const pod = {
    env: [
      { name: "DB_PASSWORD", value: secret },
      { name: "HOME", value: "/root" },
      { name: "API_TOKEN", value: `a"${secret}"\\b` },
    ],
    args: ["--listen=:80", `--password=${secret}`, "--api-token", secret, "--verbose", "serve"],
    data: { password: secret, "example.com/api-key": secret, url: `redis://:${secret}@cache` },
    command: `PASSWORD="${secret} and more" run`,
  };

  it.each([0, 1, 2, 3])("a document in a document, %i deep", (depth) => {
    const text = wrapped(pod, depth);
    expect(text).toContain(secret);
    const hidden = maskText(text);
    expect(hidden).not.toContain(secret);
    expect(hidden).not.toContain("and more");
    expect(hidden).toContain("--listen=:80");
    expect(hidden).toContain("/root");
    expect(hidden).toContain("--verbose");
    // It is still the document that it was.
    let parsed = JSON.parse(hidden);
    for (let at = 0; at < depth; at++) parsed = JSON.parse(parsed.annotation);
    expect(parsed.env[1]).toEqual(pod.env[1]);
    expect(parsed.env[0]).toEqual({ name: "DB_PASSWORD", value: masked });
  });

  it("YAML", () => {
    const yaml = `db:\n  host: db\n  password: ${secret}\n  token: "${secret} x"\nport: 5432\n`;
    const hidden = maskText(yaml);
    expect(hidden).toBe(
      `db:\n  host: db\n  password: ${masked}\n  token: "${masked}"\nport: 5432\n`,
    );
  });

  it.each([
    [`https://api.example.com/x?user=me&token=${secret}&page=2`, "&page=2"],
    [`amqp://guest:p@${secret}@mq:5672/`, "@mq:5672/"],
    [`Server=db;User Id=app;Password=${secret};Encrypt=true`, "Server=db;User Id=app;"],
    [`{'password': '${secret}'}`, "{'password': '"],
  ])("%s", (text, kept) => {
    expect(maskText(text)).not.toContain(secret);
    expect(maskText(text)).toContain(kept);
  });

  it("are hidden whole where their name says so", () => {
    expect(maskNamed("example.com/api-token", "7")).toBe(masked);
    expect(maskNamed("example.com/owner", "team-a")).toBe("team-a");
  });

  it.each([
    '{"name":"counter","attempt":1}',
    '{"key":"node.kubernetes.io/not-ready","operator":"Exists"}',
    '[{"container_path":"/etc/hosts","readonly":false}]',
    "uint64 10000000",
    "127.0.0.1:5000/lab/busybox@sha256:c24b78303cf6",
    "2026-11-21T21:40:26.759562632Z",
    "",
  ])("nothing in %s", (text) => {
    expect(maskText(text)).toBe(text);
  });

  it("any secret of any document is hidden, whatever it is made of", () => {
    const value = fc.string({ minLength: 1, maxLength: 12 }).map((end) => `${secret}${end}`);
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 3 }), (value, depth) => {
        const text = wrapped({ env: [{ name: "A_TOKEN", value }], password: value }, depth);
        expect(maskText(text)).not.toContain(secret);
        expect(
          maskCommand(["app", `--password=${value}`, "--token", value]).join(""),
        ).not.toContain(secret);
      }),
    );
  });
});
