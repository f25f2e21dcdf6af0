import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import type { ProcessList } from "../../src/checkpoint/process-list.ts";
import { decodeMessage } from "../../src/criu/decode.ts";
import { openImage } from "../../src/criu/image.ts";
import { pageInParent } from "../../src/criu/page-map.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, rich } from "../support/samples.ts";

const owner = ["--permissions", "owner"];

/** A page table of which every run lies in the parent dump. */
async function leftBehind(table: Uint8Array): Promise<Uint8Array> {
  const entries: Uint8Array[] = [];
  for await (const batch of (await openImage(new BufferSource(table))).frames()) {
    for (const { head, bytes } of batch) {
      const name = head ? "pagemap_head" : "pagemap_entry";
      const message = decodeMessage(name, bytes);
      entries.push(entry(name, head ? message : { ...message, flags: pageInParent }));
    }
  }
  return image("PAGEMAP", Buffer.concat(entries));
}

/** The rich sample after a pre-dump that took all pages of some processes. */
async function child(...pids: number[]): Promise<string> {
  const builder = await CheckpointBuilder.from(rich);
  for (const pid of pids) {
    const name = `checkpoint/pagemap-${pid}.img`;
    builder.replace(name, await leftBehind(builder.content(name)));
  }
  return builder.write("child.tar");
}

describe("ps and env of a dump whose pages are in the dump before", () => {
  it("say so without it", async () => {
    const path = await child(1, 4);
    const ps = await run(["ps", ...owner, path]);
    expect(ps).toMatchObject({ code: 0, err: "" });
    expect(ps.out).toContain("[rich-main]");
    expect(ps.out).toContain(
      "the command lines of processes 1, 4 lie in a parent dump: give that with --parent ARCHIVE",
    );
    const one = await run(["ps", "--pid", "4", ...owner, path]);
    expect(one.out).toContain("the command line of process 4 lies in a parent dump");
    expect(one.out).toContain("the environment of process 4 lies in a parent dump");
    const env = await run(["env", ...owner, path]);
    expect(env.out).toContain("the environments of processes 1, 4 lie in a parent dump");
  });

  it("show all with it, as they do where it was one dump", async () => {
    const whole = privateCopy(rich);
    const path = await child(1, 4);
    for (const words of [[], ["--pid", "4"]]) {
      const expected = await run(["env", "--reveal", ...words, ...owner, whole]);
      const ran = await run(["env", "--reveal", ...words, ...owner, path, "--parent", whole]);
      expect(ran).toEqual(expected);
    }
    const commands = async (...words: string[]): Promise<unknown> => {
      const { out } = await run(["ps", "-o", "json", ...words, ...owner]);
      const { items, problems } = JSON.parse(out) as ProcessList;
      return { commands: items.map(({ command }) => command), problems };
    };
    expect(await commands(path, "--parent", whole)).toEqual(await commands(whole));
    const one = await run(["ps", "--pid", "1", ...owner, path, "--parent", whole]);
    expect(one.out).toContain("POSTGRES_PASSWORD=••••••••");
    expect(one.out).not.toContain("Problems");
  });

  it("say where the parent that was given is not the right one", async () => {
    const other = privateCopy(crioCounter);
    const ran = await run(["ps", ...owner, await child(4), "--parent", other]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain(
      `the command line of process 4 lies in a parent dump: ${other} does not hold the pages`,
    );
  });

  it("tell plainly of a parent that is not there, and of two on one standard input", async () => {
    const path = await child(1);
    const none = await run(["env", ...owner, path, "--parent", "/no/such.tar"]);
    expect(none).toMatchObject({ code: 3, out: "" });
    expect(none.err).toContain("/no/such.tar");
    const twice = await run(["ps", "-", "--parent", "-", ...owner]);
    expect(twice.code).toBe(2);
    expect(twice.err).toContain("cannot both come from standard input");
  });
});
