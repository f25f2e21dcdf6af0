import { describe, expect, it } from "vitest";
import { decodeHeader } from "../../../src/archive/tar-header.ts";
import { parseChallenges } from "../../../src/remote/registry/challenge.ts";
import { nameOf, parseReference } from "../../../src/remote/registry/reference.ts";
import { defaultRepository, defaultTag } from "../../../src/restore/image/default-name.ts";
import { parseDestination } from "../../../src/restore/image/destination.ts";
import { header } from "../../../src/restore/image/tar-file.ts";

describe("destinations", () => {
  it("are a form and a path", () => {
    expect(parseDestination("oci:a/b/")).toEqual({ form: "oci", path: "a/b" });
    expect(parseDestination("oci-archive:/x.tar")).toEqual({ form: "oci-archive", path: "/x.tar" });
    expect(parseDestination("docker-archive:x")).toEqual({ form: "docker-archive", path: "x" });
  });

  it.each(["x.tar", "oci:", "dir:x", "docker://x/y", "oci-archive", "oci:a:tag", "oci:a\0b", ""])(
    "are not %j",
    (text) => expect(() => parseDestination(text)).toThrow(/form and place|colon/),
  );
});

describe("names of images", () => {
  it.each([
    ["app", "localhost/app:T"],
    ["team/app:1", "localhost/team/app:1"],
    ["registry.example/app", "registry.example/app:T"],
    ["localhost:5000/a/b:x", "localhost:5000/a/b:x"],
    ["[::1]:5000/a", "[::1]:5000/a:T"],
    ["host:5000/a_b/c__d.e-f", "host:5000/a_b/c__d.e-f:T"],
  ])("%s is %s", (text, name) => {
    expect(nameOf(parseReference(text, "T", "localhost"))).toBe(name);
  });

  it.each([
    "App",
    "a//b",
    "a:",
    "a:-x",
    "a@sha256:0",
    "a b",
    "-a",
    "a_",
    "",
    "host:5000/",
    "r.example/A",
    `r.example/${"a".repeat(256)}`,
    "a:b\n",
    "https://r.example/a",
  ])("are not %j", (text) => {
    expect(() => parseReference(text, "T", "localhost")).toThrow(/no name for this image/);
  });

  it("have a registry where they are pushed", () => {
    expect(() => parseReference("team/app", "T")).toThrow(/without a registry/);
    expect(nameOf(parseReference("docker.io/app", "T"))).toBe("docker.io/app:T");
  });

  it("come of the container and the dump where nobody gives one", () => {
    expect(defaultTag("2026-11-21T22:20:14.7+01:00")).toBe("checkpoint-20261121T212014Z");
    expect(defaultTag(undefined)).toBe("checkpoint");
    expect(defaultRepository("My_App--1!")).toBe("my-app-1");
    expect(defaultRepository("é")).toBe("checkpoint");
  });
});

describe("challenges", () => {
  it("are read as registries write them", () => {
    const header =
      'Bearer realm="https://auth.example/token?a=1,2",service="reg, \\"x\\"",scope=repository:a:pull, Basic realm=x';
    expect(parseChallenges(header)).toEqual([
      {
        scheme: "bearer",
        parameters: {
          realm: "https://auth.example/token?a=1,2",
          service: 'reg, "x"',
          scope: "repository:a:pull",
        },
      },
      { scheme: "basic", parameters: { realm: "x" } },
    ]);
    expect(parseChallenges("")).toEqual([]);
  });
});

describe("tar headers", () => {
  it.each([0, 1, 8 ** 11 - 1, 8 ** 11, 2 ** 40 + 7])("hold a size of %d", async (size) => {
    expect(decodeHeader(await header("name", size, 1_700_000_000))).toMatchObject({
      name: "name",
      size,
      flag: "0",
      mode: 0o600,
      mtime: 1_700_000_000_000,
    });
  });
});
