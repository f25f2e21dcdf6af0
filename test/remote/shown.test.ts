import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { fileNameIn, isRemote, shownName, withoutQueries } from "../../src/base/remote-name.ts";
import { LocalEngine, type Said } from "../../src/tui/effects/engine.ts";
import { run } from "../support/run.ts";
import { crioCounter } from "../support/samples.ts";
import { fakeStore, stored } from "../support/store.ts";

describe("an address", () => {
  it.each([
    ["https://h/a.tar?X=secret", "https://h/a.tar?…", "a.tar"],
    ["https://me:secret@h/a%3Ab.tar#secret", "https://h/a%3Ab.tar", "a:b.tar"],
    ["https://me:se/cret@h?x@y", "https://me:se/cret@h?…", "cret@h"],
    ["oci://r:5000/a/b@sha256:00", "oci://r:5000/a/b@sha256:00", "b@sha256:00"],
    ["HTTPS://h/%ff?", "HTTPS://h/%ff?…", "%ff"],
    ["/var/a?b=c.tar", "/var/a?b=c.tar", "a?b=c.tar"],
  ])("%s is shown as %s, and ends in %s", (address, shown, file) => {
    expect(shownName(address)).toBe(shown);
    expect(fileNameIn(address)).toBe(file);
    expect(isRemote(address)).toBe(!address.startsWith("/"));
  });

  it("is taken out of a message by whoever prints it last", () => {
    expect(withoutQueries('no "https://h/a?k=secret", nor http://b?c')).toBe(
      'no "https://h/a?…", nor http://b?…',
    );
  });

  it.each([
    ["secure", "https://h.example/a?k=TOPSECRET"],
    ["encode", "https://h.example/a?k=TOPSECRET"],
    ["inspect", "https://[?k=TOPSECRET"],
    ["audit", "--prune", "https://h.example/a?k=TOPSECRET"],
    ["list", "-o", "json", "--", "http://h.example/a?k=TOPSECRET"],
  ])("is not shown by %s, which cannot use it", async (...words) => {
    const { code, out, err } = await run([...words, "--debug"].filter((word) => word !== "--"));
    // The gate's refusal is an answer of a list.
    expect(code === 0).toBe(words[0] === "list");
    expect(out + err).not.toContain("TOPSECRET");
  });
});

describe("the UI", () => {
  it("opens an archive elsewhere by the name that may be seen", async () => {
    const store = await fakeStore();
    store.objects.set("/a.tar", stored(readFileSync(crioCounter)));
    const url = `${store.origin}/a.tar?k=TOPSECRET`;
    const shown = shownName(url);
    const said = await new Promise<Said>((resolve) => {
      const options = { permissions: "root", address: { shown, url } } as const;
      const engine = new LocalEngine(options, resolve);
      onTestFinished(() => engine.close());
      engine.ask(1, { of: "inspection", path: shown, reveal: false });
    });
    expect(said).toMatchObject({ type: "answer" });
    expect(JSON.stringify(said)).toContain(shown);
    expect(JSON.stringify(said)).not.toContain("TOPSECRET");
    expect(store.asked[0]?.path).toBe("/a.tar?k=TOPSECRET");
  });
});
