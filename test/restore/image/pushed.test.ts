import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RestoreImage } from "../../../src/restore/image/image-document.ts";
import { fastClock } from "../../support/clock.ts";
import { digestOf, type FakeRegistry, fakeRegistry } from "../../support/registry.ts";
import { type Ran, type RunOptions, run } from "../../support/run.ts";
import { crioCounter, privateCopy, scratch } from "../../support/samples.ts";
import { privateFile } from "../../support/tar-builder.ts";

const archive = readFileSync(crioCounter);

/** Pushes with time that runs fast, and no credentials but those of the test. */
function push(
  registry: Pick<FakeRegistry, "host">,
  more: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> {
  const target = `${registry.host}/team/app:1`;
  const words = ["restore", "image", privateCopy(crioCounter), "--push", target, "--yes"];
  return run([...words, "-o", "json", "--permissions", "owner", ...more], {
    clock: fastClock(100, true),
    ...options,
    env: { HOME: scratch(), XDG_RUNTIME_DIR: scratch(), ...options.env },
  });
}

function expectWhole(registry: FakeRegistry, { code, out }: Ran): RestoreImage {
  expect(code).toBe(0);
  const image = JSON.parse(out) as RestoreImage;
  expect(registry.blobs.get(image.layer.digest)?.equals(archive)).toBe(true);
  expect(registry.blobs.has(image.config.digest)).toBe(true);
  expect(digestOf(registry.manifests.get("1") as Buffer)).toBe(image.manifest.digest);
  expect(registry.open()).toBe(0);
  expect(image.pushed).toMatchObject({
    reference: `${registry.host}/team/app:1`,
    digest: image.manifest.digest,
  });
  return image;
}

const fails = (ran: Ran, code: number, word: string): object => {
  expect(ran).toMatchObject({ code, out: "" });
  const { error } = JSON.parse(ran.err.slice(ran.err.indexOf("{"))) as { error: { code: string } };
  expect(error.code).toBe(word);
  return error;
};

describe("a push", () => {
  it("sends layer, configuration and manifest, and says that memory leaves", async () => {
    const registry = await fakeRegistry();
    const ran = await push(registry);
    expectWhole(registry, ran);
    expect(ran.err).toContain("will leave this machine");
    expect(registry.calls()).toEqual([
      "GET /v2/",
      ...["layer", "configuration"].flatMap(() => [
        "HEAD /v2/team/app/blobs/DIGEST",
        "POST /v2/team/app/blobs/uploads/",
        "PATCH /v2/team/app/blobs/uploads/ID?_state=secret-state",
        "PUT /v2/team/app/blobs/uploads/ID?_state=secret-state&digest=DIGEST",
      ]),
      "PUT /v2/team/app/manifests/1",
      "HEAD /v2/team/app/manifests/1",
    ]);
    expect(registry.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it("sends nothing twice", async () => {
    const registry = await fakeRegistry();
    await push(registry);
    const again = expectWhole(registry, await push(registry));
    expect(registry.calls().filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
    expect(again.pushed?.sentBytes).toBe(again.manifest.sizeBytes);
  });

  it("sends what was written to a file, and speaks TLS", async () => {
    const registry = await fakeRegistry({ tls: true });
    const folder = scratch();
    const ca = privateFile(registry.ca, "ca.pem");
    const to = ["--output-file", `oci:${folder}/image`, "--compress", "gzip"];
    const ran = await push(registry, ["--ca-file", ca, ...to]);
    expect(ran.code).toBe(0);
    const { layer, destination } = JSON.parse(ran.out) as RestoreImage;
    const written = readFileSync(join(folder, "image/blobs/sha256", layer.digest.slice(7)));
    expect(registry.blobs.get(layer.digest)?.equals(written)).toBe(true);
    expect(destination?.form).toBe("oci");
    fails(await push(registry), 5, "registry-unreachable");
  });

  it("is not done where nobody agrees", async () => {
    const registry = await fakeRegistry();
    const path = privateCopy(crioCounter);
    const words = [
      "restore",
      "image",
      path,
      "--push",
      `${registry.host}/a:1`,
      "--permissions",
      "owner",
    ];
    const piped = await run(words, { stdin: (async function* () {})() });
    expect(piped.code).toBe(4);
    expect(piped.err).toContain("nothing was sent");
    expect(piped.err).toContain("the same with --yes");
    for (const [answer, code] of [
      ["no\n", 4],
      ["\n", 4],
    ] as const) {
      const folder = scratch();
      async function* said(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(answer);
      }
      const to = ["--output-file", `oci:${folder}/image`];
      expect((await run([...words, ...to], { stdin: said(), columns: 80 })).code).toBe(code);
      expect(readdirSync(folder)).toEqual([]);
    }
    expect(registry.asked).toEqual([]);
  });
});

describe("a registry that fails", () => {
  it("is gone on with where it stopped", async () => {
    let cuts = 0;
    const registry = await fakeRegistry({
      whim: ({ method }) => (method === "PATCH" && cuts++ < 2 ? "cut" : undefined),
    });
    expectWhole(registry, await push(registry));
    const starts = registry.asked
      .filter(({ method }) => method === "PATCH")
      .map(({ headers }) => `${headers["content-range"]}`.split("-")[0]);
    const half = Math.floor(archive.length / 2);
    expect(starts.slice(0, 3)).toEqual([
      "0",
      `${half}`,
      `${half + Math.floor((archive.length - half) / 2)}`,
    ]);
  });

  it("is begun with anew where it forgot", async () => {
    let forgotten = 0;
    const registry = await fakeRegistry({
      whim: ({ method, path }) => {
        const asks = method === "PATCH" || (method === "GET" && path.includes("uploads"));
        return asks && forgotten++ < 2 ? { status: 404 } : undefined;
      },
    });
    const { code, out } = await push(registry);
    expect(code).toBe(0);
    const { layer } = JSON.parse(out) as RestoreImage;
    expect(registry.blobs.get(layer.digest)?.equals(archive)).toBe(true);
    expect(registry.calls().filter((call) => call.startsWith("POST"))).toHaveLength(3);
  });

  it("is given up after a few failures, and nothing stays there", async () => {
    const registry = await fakeRegistry({
      whim: ({ method }) => (method === "PATCH" ? { status: 503 } : undefined),
    });
    fails(await push(registry), 5, "registry-failed");
    expect(registry.calls().filter((call) => call.startsWith("PATCH"))).toHaveLength(5);
    expect(registry.calls().at(-1)).toContain("DELETE");
    expect(registry.open()).toBe(0);
    expect(registry.manifests.size).toBe(0);
  });

  it.each([
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "no-repository"],
    [429, "busy"],
    [500, "registry-failed"],
  ])("is told with its words: %d", async (status, word) => {
    const body = '{"errors":[{"code":"DENIED","message":"not \\u001b[31myou"}]}';
    const registry = await fakeRegistry({
      whim: ({ method }) => (method === "POST" ? { status, body } : undefined),
    });
    const error = fails(await push(registry), 5, word);
    expect(error).toMatchObject({ found: expect.stringMatching(`${status} DENIED: not`) });
  });

  it("is told where it has other bytes", async () => {
    const wrong = { "docker-content-digest": `sha256:${"0".repeat(64)}` };
    for (const [method, part] of [
      ["PUT", /blobs/],
      ["PUT", /manifests/],
      ["HEAD", /manifests/],
    ] as const) {
      const registry = await fakeRegistry({
        whim: (asked) =>
          asked.method === method && part.test(asked.path)
            ? { status: method === "PUT" ? 201 : 200, headers: wrong }
            : undefined,
      });
      const error = fails(await push(registry), 5, "digest");
      expect(error).toMatchObject({ found: wrong["docker-content-digest"] });
    }
    const invalid = await fakeRegistry({
      whim: ({ path }) =>
        path.includes("digest=")
          ? { status: 400, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' }
          : undefined,
    });
    fails(await push(invalid), 5, "digest");
  });

  it("is waited for only so long", async () => {
    const registry = await fakeRegistry({
      whim: ({ method }) => (method === "POST" ? "hang" : undefined),
    });
    const options = { clock: fastClock(2000, true) };
    fails(await push(registry, [], options), 6, "registry-silent");
  });

  it("is left alone at Ctrl-C", async () => {
    const stop = new AbortController();
    const registry = await fakeRegistry({
      whim: ({ method }) => {
        if (method !== "POST") return undefined;
        setTimeout(() => stop.abort(), 20);
        return "hang";
      },
    });
    fails(await push(registry, [], { interrupt: stop.signal }), 130, "interrupted");
  });

  it("is no registry", async () => {
    const registry = await fakeRegistry({ whim: () => ({ status: 200, headers: {} }) });
    fails(await push(registry), 5, "registry-failed");
    const none = await fakeRegistry({
      whim: () => ({ status: 302, headers: { location: "/v2/" } }),
    });
    fails(await push(none), 5, "registry-answer");
  });
});

describe("redirects", () => {
  it("are followed, without what proves who we are", async () => {
    const other = await fakeRegistry();
    const folder = join(scratch(), "auth.json");
    let token = "";
    const registry: FakeRegistry = await fakeRegistry({
      authorization: { expected: () => token, challenge: () => 'Basic realm="x"' },
      whim: ({ method, path }) =>
        method === "HEAD" && path.includes("blobs")
          ? { status: 307, headers: { location: `http://${other.host}${path}` } }
          : undefined,
    });
    const auth = Buffer.from("me:pass").toString("base64");
    token = `Basic ${auth}`;
    writeFileSync(folder, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    expectWhole(registry, await push(registry, [], { env: { REGISTRY_AUTH_FILE: folder } }));
    expect(other.asked.length).toBe(2);
    expect(other.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it("are not followed without end, nor out of TLS", async () => {
    const plain = await fakeRegistry();
    const registry = await fakeRegistry({
      tls: true,
      whim: ({ method, path }) =>
        method === "HEAD"
          ? { status: 307, headers: { location: `http://${plain.host}${path}` } }
          : undefined,
    });
    const ca = privateFile(registry.ca, "ca.pem");
    fails(await push(registry, ["--ca-file", ca]), 4, "insecure");
    expect(plain.asked).toEqual([]);
    const round = await fakeRegistry({
      whim: ({ method, path }) =>
        method === "HEAD" ? { status: 307, headers: { location: path } } : undefined,
    });
    fails(await push(round), 5, "registry-answer");
  });
});

describe("credentials", () => {
  const auth = Buffer.from("me:s3cret-pass").toString("base64");

  async function guarded(): Promise<{ registry: FakeRegistry; tokens: FakeRegistry["asked"] }> {
    const granted = "Bearer token-1";
    const server = await fakeRegistry({
      whim: ({ headers, path, method }) => {
        if (!path.startsWith("/token")) return { status: 500 };
        const known = headers.authorization === `Basic ${auth}` || method === "POST";
        return known ? { status: 200, body: '{"token":"token-1"}' } : { status: 401 };
      },
    });
    const challenge = `Bearer realm="http://${server.host}/token",service="reg"`;
    const registry = await fakeRegistry({
      authorization: { expected: () => granted, challenge: () => challenge },
    });
    return { registry, tokens: server.asked };
  }

  it("get a token, for this repository alone", async () => {
    const { registry, tokens } = await guarded();
    const home = scratch();
    mkdirSync(join(home, ".docker"));
    const file = { auths: { [`http://${registry.host}/v1/`]: { auth } } };
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify(file));
    expectWhole(registry, await push(registry, [], { env: { HOME: home } }));
    expect(tokens.map(({ path }) => path)).toEqual([
      "/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull%2Cpush",
    ]);
  });

  it("may be a refresh token", async () => {
    const { registry, tokens } = await guarded();
    const file = privateFile(
      JSON.stringify({ auths: { [`${registry.host}/team`]: { identitytoken: "again" } } }),
      "auth.json",
    );
    expectWhole(registry, await push(registry, [], { env: { REGISTRY_AUTH_FILE: file } }));
    expect(tokens[0]?.method).toBe("POST");
    expect(`${tokens[0]?.body}`).toContain("grant_type=refresh_token&refresh_token=again");
  });

  it("may come from a helper", async () => {
    const { registry } = await guarded();
    const bin = scratch();
    const script = `#!/bin/sh\nread server\n[ "$1 $server" = "get ${registry.host}" ] || exit 3\necho '{"Username":"me","Secret":"s3cret-pass"}'\n`;
    writeFileSync(join(bin, "docker-credential-test"), script, { mode: 0o755 });
    const file = privateFile('{"auths":{},"credsStore":"test"}', "auth.json");
    const env = { REGISTRY_AUTH_FILE: file, PATH: `${bin}:/usr/bin:/bin` };
    expectWhole(registry, await push(registry, [], { env }));
    const missing = privateFile(`{"credHelpers":{"${registry.host}":"nowhere"}}`, "auth.json");
    fails(
      await push(registry, [], { env: { ...env, REGISTRY_AUTH_FILE: missing } }),
      2,
      "credential-helper",
    );
    const path = privateFile(`{"credsStore":"../../bin/sh"}`, "auth.json");
    fails(
      await push(registry, [], { env: { ...env, REGISTRY_AUTH_FILE: path } }),
      2,
      "credential-helper",
    );
  });

  it("are asked for where there are none, and never told", async () => {
    const { registry } = await guarded();
    fails(await push(registry), 5, "unauthorized");
    const wrong = Buffer.from("me:wrong-password").toString("base64");
    const file = privateFile(
      JSON.stringify({ auths: { [registry.host]: { auth: wrong } } }),
      "a.json",
    );
    const ran = await push(registry, [], { env: { REGISTRY_AUTH_FILE: file } });
    fails(ran, 5, "unauthorized");
    expect(ran.err).not.toContain(wrong);
    expect(ran.err).not.toContain("wrong-password");
    for (const text of ["{", "[]", '{"auths":{"127.0.0.1":{"auth":"bm9jb2xvbg=="}}}']) {
      const broken = privateFile(text.replace("127.0.0.1", registry.host), "a.json");
      fails(await push(registry, [], { env: { REGISTRY_AUTH_FILE: broken } }), 2, "auth-file");
    }
  });
});
