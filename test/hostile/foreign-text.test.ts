import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { evilText as evil, left, withEvilMetadata } from "../support/evil-checkpoint.ts";
import { expectClean, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { rich } from "../support/samples.ts";

const commands: string[][] = [
  ["inspect", "-o", "table", "--show", "all"],
  ["inspect", "-o", "wide", "--show", "all"],
  ["inspect", "-o", "json", "--show", "all"],
  ["inspect", "-o", "yaml", "--show", "all"],
  ["images", "-o", "table"],
  ["images", "-o", "wide"],
  ["images", "-o", "json"],
  ["images", "-o", "yaml"],
  ["images", "-q"],
  ["list", "-o", "table"],
  ["list", "-o", "wide"],
  ["list", "-o", "json"],
  ["list", "-o", "yaml"],
];

describe("foreign text reaches no terminal as it is", () => {
  test.each(commands)("%s %s %s %s", async (...command) => {
    const ran = await run([...command, ...owner, await withEvilMetadata()]);
    expect([0, 3]).toContain(ran.code);
    expect(ran.out).toContain(left);
    expectClean(ran);
  });

  test("on a narrow terminal, where cells are cut", async () => {
    const ran = await run(["inspect", ...owner, await withEvilMetadata()], { columns: 60 });
    expect(ran.out).toContain("\\x1b[2J");
    expectClean(ran);
  });

  test("in JSON it is whole behind its escapes", async () => {
    const { out } = await run(["inspect", "-o", "json", ...owner, await withEvilMetadata()]);
    const { container } = JSON.parse(out) as { container: { pod: string; image: string } };
    expect(container).toMatchObject({ pod: evil, image: evil });
  });

  test("in names that extract refuses or cannot find", async () => {
    const path = await withEvilMetadata();
    const refused = await run(["extract", ...owner, path, `a/../${evil}`]);
    expect(refused.code).toBe(4);
    expect(refused.out).toContain(left);
    expectClean(refused);
    const missing = await run(["extract", ...owner, path, `${evil}-none`]);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain(left);
    expectClean(missing);
  });

  test("in the name of the archive itself", async () => {
    const name = evil.replace("\0", "");
    const path = (await CheckpointBuilder.from()).write(`${name}.tar`);
    for (const command of commands) {
      const ran = await run([...command, ...owner, path]);
      if (command[0] !== "images") expect(ran.out).toContain(left);
      expectClean(ran);
    }
    for (const verb of ["inspect", "list", "secure"]) {
      const ran = await run([verb, join(path, "..", `no-${name}`)]);
      expect(ran.err).toContain(left);
      expect(ran.code).toBe(3);
      expectClean(ran);
    }
  });

  test("in a command line", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const pages = Buffer.from(builder.content("checkpoint/pages-8.img"));
    const words = Buffer.from("/tmp/vanishing");
    const at = pages.indexOf(words);
    expect(at).toBeGreaterThan(-1);
    pages.write("\u001b[2J\u202egnp.", at);
    const path = builder.replace("checkpoint/pages-8.img", pages).write();
    for (const format of ["table", "wide", "json", "yaml"]) {
      const ran = await run(["inspect", "-o", format, ...owner, path]);
      expect(ran.out).toContain("gnp.");
      expect(ran.code).toBe(0);
      expectClean(ran);
    }
  });
});
