import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { proxyFor } from "../../src/remote/http/proxy.ts";
import { collect, open } from "../../src/remote/http/send.ts";
import { wayOut } from "../../src/remote/http/way-out.ts";
import { realTimer } from "../support/clock.ts";
import { fakeStore, stored } from "../support/store.ts";

describe("the proxy for an address", () => {
  const of = (url: string, env: Record<string, string>): string | undefined =>
    proxyFor(new URL(url), env)?.url.host;

  it.each([
    ["https://a.example/x", "", "proxy:3128"],
    ["http://a.example/x", "", undefined],
    ["https://127.0.0.1/x", "", undefined],
    ["https://a.example/x", "*", undefined],
    ["https://a.example/x", "b.example, a.example", undefined],
    ["https://x.a.example/x", ".a.example", undefined],
    ["https://x.a.example/x", "a.example", undefined],
    ["https://ba.example/x", "a.example", "proxy:3128"],
    ["https://a.example:8443/x", "a.example:443", "proxy:3128"],
    ["https://a.example:8443/x", "a.example:8443", undefined],
  ])("%s with NO_PROXY=%j", (url, list, host) => {
    expect(of(url, { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: list })).toBe(host);
  });

  it("is one that we know, and its password is not told", () => {
    expect(of("https://a.example/", { https_proxy: "proxy:3128" })).toBe("proxy:3128");
    expect(() => of("https://a.example/", { HTTPS_PROXY: "socks5://me:secret@proxy:1" })).toThrow(
      /kind socks5:/,
    );
  });
});

describe("a tunnel", () => {
  it("leads to the server's own TLS, and the proxy is told who we are", async () => {
    const store = await fakeStore({ tls: true });
    store.objects.set("/a", stored(Buffer.from("through")));
    const asked: (string | undefined)[] = [];
    const proxy = createServer();
    proxy.on("connect", ({ url, headers }, socket) => {
      asked.push(url, headers["proxy-authorization"]);
      const far = connect(Number(new URL(store.origin).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        far.pipe(socket).pipe(far);
      });
      for (const each of [socket, far]) each.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    // A name, because this machine itself is never asked through a proxy.
    const far = new URL(store.origin.replace("127.0.0.1", "store.example"));
    const way = wayOut({ HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` }, store.ca);
    onTestFinished(() => way.close());
    const clock = { now: Date.now, timer: realTimer };
    const { signal } = new AbortController();
    const means = { clock, signal, patience: 5000, ca: store.ca, agent: way.agent };
    const reply = await open({ method: "GET", url: new URL("/a", far) }, means);
    expect(await collect(reply)).toMatchObject({ status: 200, text: "through" });
    // The connection stays, and is used again.
    await collect(await open({ method: "GET", url: new URL("/a", far) }, means));
    expect(asked).toEqual([far.host, `Basic ${Buffer.from("me:secret").toString("base64")}`]);
  });
});
