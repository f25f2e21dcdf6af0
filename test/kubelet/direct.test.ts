import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../support/certificates.ts";
import { fastClock } from "../support/clock.ts";
import { recording } from "../support/recordings.ts";
import { type Ran, type RunOptions, run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";
import {
  authority,
  deadPort,
  rawTcp,
  rawTls,
  type StandIn,
  type StandInOptions,
  standIn,
} from "../support/stand-in.ts";

const target = "default/counter-lab-node/counter";
const path =
  "/var/lib/kubelet/checkpoints/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:17Z.tar";
const token = "eyJhbGciOi.secret-of-the-test.x";

function file(text: string): string {
  const name = join(scratch(), "file");
  writeFileSync(name, text, { mode: 0o600 });
  return name;
}

function checkpoint(
  { url }: { url: string },
  words: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> {
  const fixed = ["--kubelet", url, "--certificate-authority", file(authority.cert)];
  return run(["checkpoint", target, ...fixed, ...words], options);
}

const error = ({ err }: Ran): Record<string, unknown> => {
  const lines = err.trimEnd().split("\n");
  return (JSON.parse(lines.at(-1) ?? "{}") as { error: Record<string, unknown> }).error;
};

describe.each<[string, StandInOptions]>([
  ["HTTP/1.1", {}],
  ["HTTP/2", { http2: true }],
])("a kubelet over %s", (_name, how) => {
  it("makes an archive: its path alone with -q, all about it in JSON", async () => {
    const kubelet = await standIn("kubelet/crio-success", how);
    const { code, out } = await checkpoint(kubelet, ["-q"]);
    expect({ code, out }).toEqual({ code: 0, out: `${path}\n` });
    expect(kubelet.asked[0]).toMatchObject({
      method: "POST",
      path: `/checkpoint/${target}`,
      body: "",
      protocol: how.http2 === true ? "2.0" : "1.1",
    });
    const json = await checkpoint(kubelet, ["-o", "json", "--timeout", "5m"]);
    expect(kubelet.asked[1]?.path).toBe(`/checkpoint/${target}?timeout=300`);
    expect(JSON.parse(json.out)).toMatchObject({
      kind: "CheckpointResult",
      items: [{ pod: "counter-lab-node", route: "direct", paths: [path], error: null }],
    });
  });

  it.each([
    ["containerd-feature-gate-off", "gate-off", 5],
    ["containerd-unknown-pod", "no-pod", 5],
    ["containerd-unknown-container", "no-container", 5],
    ["containerd-webhook-unknown-token", "unauthenticated", 5],
    ["containerd-webhook-denied-403", "forbidden", 5],
    ["crio-cri-error-tcp", "tcp-established", 5],
    ["containerd-plain-http", "plain-http", 5],
  ])("%s", async (name, word, exit) => {
    const kubelet = await standIn(`kubelet/${name}`, how);
    const ran = await checkpoint(kubelet, ["-o", "json"]);
    expect(ran).toMatchObject({ code: exit, out: "" });
    expect(error(ran)).toMatchObject({ code: word, exitCode: exit });
  });

  it.each([
    ["told", {}],
    ["not told", { lengthTold: false }],
  ] as const)(
    "is cut off in an answer whose length was %s: the archive is there, its name is lost",
    async (_told, length) => {
      const whole = recording("kubelet/crio-success");
      const kubelet = await standIn(() => ({ cut: whole, ...length }), how);
      const ran = await checkpoint(kubelet, ["-o", "json"]);
      expect(ran.code).toBe(5);
      expect(error(ran)).toMatchObject({
        code: "cut",
        what: expect.stringContaining("was checkpointed"),
        next: expect.stringContaining("checkpoint-counter-lab-node_default-counter-*.tar"),
      });
    },
  );

  it("closes without an answer: nobody knows what became of it, and where to look is said", async () => {
    const kubelet = await standIn(() => "close" as const, how);
    const ran = await checkpoint(kubelet, ["-o", "json"]);
    expect(ran.code).toBe(5);
    expect(error(ran)).toMatchObject({
      code: "cut",
      next: expect.stringContaining("/var/lib/kubelet/checkpoints"),
      notes: [expect.stringContaining("cannot be known")],
    });
  });

  it("answers after twenty minutes, and nothing on our side is in its way", async () => {
    const times = 1500;
    const kubelet = await standIn(async () => {
      await new Promise((resolve) => setTimeout(resolve, (20 * 60_000) / times));
      return recording("kubelet/crio-success");
    }, how);
    const ran = await checkpoint(kubelet, ["-q", "--timeout", "60m"], { clock: fastClock(times) });
    expect(ran).toMatchObject({ code: 0, out: `${path}\n` });
  });

  it("hangs: we give up after the deadline, leave, and say what that means", async () => {
    const kubelet = await standIn(() => "hang" as const, how);
    const ran = await checkpoint(kubelet, ["-o", "json", "--request-timeout", "3m"], {
      clock: fastClock(600),
    });
    expect(ran.code).toBe(6);
    expect(error(ran)).toMatchObject({
      kind: "timeout",
      what: expect.stringContaining("within 3m"),
      notes: [expect.stringContaining("one of 1.36 or newer cancels it")],
    });
    await kubelet.asked[0]?.left;
  });

  it("is left by Ctrl-C", async () => {
    const user = new AbortController();
    const kubelet = await standIn(() => {
      setTimeout(() => user.abort(), 20);
      return "hang" as const;
    }, how);
    const ran = await checkpoint(kubelet, ["-o", "json"], { interrupt: user.signal });
    expect(ran.code).toBe(130);
    expect(error(ran)).toMatchObject({
      kind: "interrupted",
      next: expect.stringContaining("see whether there is an archive"),
    });
    await kubelet.asked[0]?.left;
  });

  it("answers with a page that does not end", async () => {
    const kubelet = await standIn(() => ({ status: 200, body: "x".repeat(2_000_000) }), how);
    const ran = await checkpoint(kubelet, ["-o", "json"]);
    expect(error(ran)).toMatchObject({ code: "too-long", exitCode: 5 });
  });
});

describe("a default deadline", () => {
  it.each([
    [[], "2m30s"],
    [["--timeout", "30"], "2m30s"],
    [["--timeout", "10m"], "10m30s"],
  ])("%j: %s", async (words, patience) => {
    const kubelet = await standIn(() => "hang" as const);
    const ran = await checkpoint(kubelet, words, { clock: fastClock(400) });
    expect(ran.code).toBe(6);
    expect(ran.err).toContain(`within ${patience}`);
  });

  it("can be for ever: an hour, and then an answer", async () => {
    const times = 10_000;
    const kubelet = await standIn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_600_000 / times));
      return recording("kubelet/crio-success");
    });
    const words = ["--request-timeout", "0"];
    expect((await checkpoint(kubelet, words, { clock: fastClock(times) })).code).toBe(0);
  });
});

describe("connections that fail", () => {
  const fails = async (
    server: { url: string },
    word: string,
    words: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<Record<string, unknown>> => {
    const ran = await checkpoint(server, ["-o", "json", ...words], options);
    expect(ran).toMatchObject({ code: 5, out: "" });
    const said = error(ran);
    expect(said).toMatchObject({ code: word, next: expect.any(String), found: expect.any(String) });
    return said;
  };

  it("nobody listens", async () => {
    await fails({ url: `https://127.0.0.1:${await deadPort()}` }, "refused");
  });

  it("the name means nothing", async () => {
    await fails({ url: "https://no-such-host.invalid:10250" }, "unknown-host");
  });

  it("a connection that never becomes TLS", async () => {
    const server = await rawTcp(() => {});
    await fails(server, "connect-timeout", [], { clock: fastClock(200, true) });
  });

  it("an authority that nobody knows", async () => {
    const server = await standIn("kubelet/crio-success", {
      identity: makeCertificate({ name: "self", hosts: ["127.0.0.1"] }),
    });
    const { next } = await fails(server, "unknown-authority");
    expect(next).toContain("--certificate-authority");
    expect(server.asked).toEqual([]);
    const believed = await checkpoint(server, ["-q", "--insecure-skip-tls-verify"]);
    expect(believed).toMatchObject({ code: 0, out: `${path}\n` });
    expect(believed.err).toContain("whoever answers is believed");
  });

  it("another name, until it is asked for", async () => {
    const server = await standIn("kubelet/crio-success", {
      certificate: { hosts: ["worker-3.example"] },
    });
    const { next } = await fails(server, "wrong-name");
    expect(next).toContain("--tls-server-name");
    const asked = await checkpoint(server, ["-q", "--tls-server-name", "worker-3.example"]);
    expect(asked).toMatchObject({ code: 0, out: `${path}\n` });
  });

  it("expired, and not valid yet", async () => {
    const times = [
      ["expired", { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") }],
      ["not-yet-valid", { notBefore: new Date("2090-01-01"), notAfter: new Date("2091-01-01") }],
    ] as const;
    for (const [word, certificate] of times) {
      await fails(await standIn("kubelet/crio-success", { certificate }), word);
    }
  });

  it("HTTP without TLS", async () => {
    const server = await rawTcp((socket) => {
      socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    await fails(server, "not-tls");
  });

  it("TLS without HTTP", async () => {
    const server = await rawTls((socket) => socket.end("220 mail.example ESMTP\r\n"));
    await fails(server, "not-http");
  });

  it("a header that drips in for longer than we wait", async () => {
    const server = await rawTls((socket) => {
      const drips = setInterval(() => socket.write("X"), 20);
      socket.once("close", () => clearInterval(drips));
      socket.write("HTTP/1.1 200 OK\r\nX-");
    });
    const ran = await checkpoint(server, ["--request-timeout", "1m"], { clock: fastClock(300) });
    expect(ran.code).toBe(6);
    expect(ran.err).toContain("no answer");
  });

  it("a redirect, which is not followed", async () => {
    const other = await standIn("kubelet/crio-success");
    const server = await standIn(() => ({
      status: 307,
      headers: { location: `${other.url}/checkpoint/${target}` },
    }));
    const { found } = await fails(server, "redirect", ["--token-file", file(token)]);
    expect(found).toContain(other.url);
    expect(other.asked).toEqual([]);
  });

  it("an empty yes", async () => {
    await fails(await standIn(() => ({ status: 200 })), "empty-answer");
  });
});

describe("credentials", () => {
  it("shows a token, and hides it wherever it comes back", async () => {
    const echo = await standIn(({ headers }) => ({
      status: 403,
      headers: { "content-type": "text/plain" },
      body: `you sent ${headers["authorization"]}`,
    }));
    for (const words of [[], ["--debug"], ["-o", "json", "--debug"]]) {
      const ran = await checkpoint(echo, ["--token-file", file(`${token}\n`), ...words]);
      expect(ran.code).toBe(5);
      expect(ran.err).toContain("you sent");
      expect(ran.out + ran.err).not.toContain("secret-of-the-test");
    }
    expect(echo.asked[0]?.headers["authorization"]).toBe(`Bearer ${token}`);
  });

  it.each([
    ["no file", "/no/such/file", "cannot be read"],
    ["two lines", "first-part\nsecond-part", "holds no token"],
    ["nothing", " \n", "holds no token"],
  ])(
    "a token file with %s is a fault of usage, which does not quote it",
    async (_name, text, what) => {
      const kubelet = await standIn("kubelet/crio-success");
      const name = text.startsWith("/") ? text : file(text);
      const ran = await checkpoint(kubelet, ["--token-file", name]);
      expect(ran.code).toBe(2);
      expect(ran.err).toContain(what);
      expect(ran.err).not.toMatch(/first-part|second-part/);
      expect(kubelet.asked).toEqual([]);
    },
  );

  it("shows a client certificate, and looks at it first", async () => {
    const kubelet = await standIn("kubelet/crio-success");
    const [one, other] = [makeCertificate({ name: "me" }), makeCertificate({ name: "you" })];
    const words = (cert: string, key: string): string[] => [
      "--client-certificate",
      file(cert),
      "--client-key",
      file(key),
    ];
    expect((await checkpoint(kubelet, words(one.cert, one.key))).code).toBe(0);
    const twisted = await checkpoint(kubelet, words(one.cert, other.key));
    expect(twisted.code).toBe(2);
    expect(twisted.err).toContain("belongs to another certificate");
    const none = await checkpoint(kubelet, words("certificate", one.key));
    expect(none.err).toContain("no PEM");
    const half = await checkpoint(kubelet, ["--client-key", file(one.key)]);
    expect(half.err).toContain("a key without a certificate");
    expect(kubelet.asked.length).toBe(1);
  });

  it("sends no token without TLS", async () => {
    const words = ["--token-file", file(token), "--kubelet", "http://127.0.0.1:10255"];
    const ran = await checkpoint({ url: "https://127.0.0.1" }, words);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("not sent without TLS");
  });
});

describe("usage that is wrong before anything is sent", () => {
  const wrong = async (words: readonly string[], what: string | RegExp): Promise<void> => {
    const kubelet: StandIn = await standIn("kubelet/crio-success");
    const ran = await run(["checkpoint", "--kubelet", kubelet.url, ...words]);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(what);
    expect(kubelet.asked).toEqual([]);
  };

  it.each(["-1", "1.5", "abc", "9223372036854775808", "5x", "", "1h30"])(
    "--timeout %j",
    async (value) => {
      await wrong([target, `--timeout=${value}`], "--timeout is no time");
      await wrong([target, `--request-timeout=${value}`], "--request-timeout is no time");
    },
  );

  it.each<[string[], string]>([
    [[], "no container is named"],
    [["a/b/c/d"], "names no container"],
    [["a/b/C"], 'container "C"'],
    [["../b/c"], "namespace"],
    [["a/b%2fc/d"], "pod"],
    [["a/b"], "the whole name"],
    [["a"], "the whole name"],
    [["a/b/c", "-n", "other"], "another namespace"],
    [["-n", "UPPER", "b/c"], "namespace"],
    [[target, "--parallel", "0"], "--parallel"],
    [["-l", "app=x"], "-l does not go with --kubelet"],
    [[target, "--route", "proxy"], "--route proxy"],
    [[target, "--context", "x"], "--context"],
  ])("%j: %s", async (words, what) => {
    await wrong(words, what);
  });

  it.each([
    ["https://user:pass@127.0.0.1:1", "a user or a password"],
    ["ftp://127.0.0.1", "protocol"],
    ["https://", "no URL"],
    ["https://127.0.0.1/?a=b", "a query"],
  ])("--kubelet %s", async (url, what) => {
    const ran = await run(["checkpoint", target, "--kubelet", url]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(what);
    expect(ran.err).not.toContain("pass@");
  });
});
