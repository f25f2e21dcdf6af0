import { describe, expect, it, test } from "vitest";
import {
  isLoopback,
  isWildcard,
  matchesEndpoint,
  parseEndpoint,
} from "../../../src/checkpoint/needs/endpoints.ts";

const tcp = (text: string) => {
  const endpoint = parseEndpoint({ protocol: "tcp" }, text);
  if (endpoint === undefined) throw new Error(`no endpoint: ${text}`);
  return endpoint;
};

describe("parseEndpoint", () => {
  test.each([
    ["127.0.0.1:80", "127.0.0.1", 80],
    ["[::1]:65535", "::1", 65535],
    ["[fe80::a%eth0]:8006", "fe80::a", 8006],
    ["[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1],
  ])("reads %s", (text, address, port) => {
    expect(tcp(text)).toEqual({ protocol: "tcp", address, port });
  });

  test.each(["0.0.0.0", "[::1]", "[::1:80", "route:-", "", undefined])("refuses %s", (text) => {
    expect(parseEndpoint({ protocol: "tcp" }, text)).toBeUndefined();
  });

  it("takes no time for endless zones", () => {
    expect(parseEndpoint({ protocol: "tcp" }, `[::1${"%".repeat(1_000_000)}]`)).toBeUndefined();
  });
});

describe("matchesEndpoint", () => {
  test.each([
    ["tcp/80", "10.1.2.3:80", true],
    ["tcp/*", "10.1.2.3:80", true],
    ["*/80", "10.1.2.3:80", true],
    ["udp/80", "10.1.2.3:80", false],
    ["tcp/81", "10.1.2.3:80", false],
    ["tcp/*:80", "10.1.2.3:80", true],
    ["tcp/10.1.2.3:*", "10.1.2.3:80", true],
    ["tcp/10.1.2.4:*", "10.1.2.3:80", false],
    ["tcp/10.0.0.0/8:80", "10.1.2.3:80", true],
    ["tcp/10.0.0.0/8:80", "11.1.2.3:80", false],
    ["tcp/10.1.2.0/23:80", "10.1.3.255:80", true],
    ["tcp/10.1.2.0/23:80", "10.1.4.0:80", false],
    ["tcp/0.0.0.0/0:80", "8.8.8.8:80", true],
    ["tcp/10.0.0.0/33:80", "10.0.0.0:80", false],
    ["tcp/[fd00::/8]:443", "[fd12:3456::1]:443", true],
    ["tcp/[fd00::/8]:443", "[fe80::1]:443", false],
    ["tcp/[::1]:443", "[0:0:0:0:0:0:0:1]:443", true],
    ["tcp/10.0.0.0/8:80", "[::ffff:10.9.9.9]:80", true],
    ["tcp/10.0.0.0/8:80", "[::1]:80", false],
    ["tcp", "10.1.2.3:80", false],
    ["tcp/1.2.3.4", "1.2.3.4:80", false],
    ["tcp/[1::2::3]:80", "[1::3]:80", false],
  ])("%s of %s: %s", (pattern, text, expected) => {
    expect(matchesEndpoint(pattern, tcp(text))).toBe(expected);
  });

  it("knows loopback and wildcard addresses", () => {
    expect(
      ["127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"].every((it) => isLoopback(tcp(it))),
    ).toBe(true);
    expect(["0.0.0.0:1", "[::]:1"].every((it) => isWildcard(tcp(it)))).toBe(true);
    expect(
      ["10.0.0.1:1", "[fe80::1]:1"].some((it) => isLoopback(tcp(it)) || isWildcard(tcp(it))),
    ).toBe(false);
  });
});
