import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { expectClean, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { rich } from "../support/samples.ts";

/** Clears the screen, sets the title, turns text around, hides it, breaks the line, ends a string. */
const evil =
  "\u001b[2J\u001b]0;title\u0007\u009b31m\r\n\t\b\u007f\u202egnp.exe\u202c\u2066x\u2069\u200b\u00ad\ufeff\u2028\u061c\u{e0041}\0end";

/** What must be left of it for a reader. */
const left = "gnp.exe";

async function withEvilMetadata(): Promise<string> {
  const builder = await CheckpointBuilder.from();
  const spec = JSON.parse(builder.content("spec.dump").toString()) as {
    annotations: Record<string, string>;
    mounts: object[];
    hostname: string;
  };
  spec.hostname = evil;
  spec.mounts = [{ destination: evil, type: evil, source: evil, options: [evil] }];
  for (const key of ["container.name", "pod.name", "pod.namespace", "pod.uid"]) {
    spec.annotations[`io.kubernetes.${key}`] = evil;
  }
  spec.annotations[evil] = evil;
  const config = {
    id: evil,
    name: evil,
    rootfsImageName: evil,
    rootfsImageRef: evil,
    runtime: evil,
  };
  return builder
    .replace("spec.dump", JSON.stringify(spec))
    .replace("config.dump", JSON.stringify(config))
    .replace("checkpoint/core-1.img", evilCore())
    .add(evil.replace("\0", ""), "x")
    .add("link", { type: "2", linkName: evil.replace("\0", "").slice(0, 90) })
    .add("odd", { body: "x", pax: [["path", `a/../${evil}`]] })
    .write();
}

/** A task whose name is hostile; the kernel would allow 15 bytes of it. */
function evilCore(): Buffer {
  const tc = {
    task_state: 1,
    exit_code: 0,
    personality: 0,
    flags: 0,
    blk_sigset: 0n,
    comm: evil,
  };
  return image("CORE", entry("core_entry", { mtype: 1, tc }));
}

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
