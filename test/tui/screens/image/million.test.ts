import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as decoding from "../../../../src/criu/decode.ts";
import { CheckpointBuilder } from "../../../support/checkpoint-builder.ts";
import { entry, image } from "../../../support/criu-encoder.ts";
import { startTui } from "../../support/tui.ts";

const decoded = vi.hoisted(() => {
  // Files of a thread share modules, and one that was loaded before this file decodes uncounted.
  vi.resetModules();
  return { entries: 0 };
});

vi.mock("../../../../src/criu/decode.ts", async (original) => {
  const real = await original<typeof decoding>();
  const decodeMessage: typeof real.decodeMessage = (name, bytes) => {
    decoded.entries += 1;
    return real.decodeMessage(name, bytes);
  };
  return { ...real, decodeMessage };
});

beforeEach(() => {
  decoded.entries = 0;
});

const million = 1_000_000;
const member = "checkpoint/pagemap-77.img";

/** A page table of a million runs; a thousand of them are encoded, again and again. */
async function largeTable(): Promise<string> {
  const some = Array.from({ length: 1000 }, (_, at) =>
    entry("pagemap_entry", { vaddr: BigInt(at) * 0x3000n, compat_nr_pages: 1, flags: 4 }),
  );
  const head = entry("pagemap_head", { pages_id: 77 });
  const last = entry("pagemap_entry", { vaddr: 0x7fff_0000_0000n, compat_nr_pages: 9, flags: 4 });
  const thousand = Buffer.concat(some);
  const rest = Array.from({ length: million / 1000 - 1 }, () => thousand);
  const table = image("PAGEMAP", head, ...rest, ...some.slice(1), last);
  return (await CheckpointBuilder.from()).add(member, table).write();
}

describe("a page table of a million entries", () => {
  it("is scrolled to its end and back while hardly any entry is decoded", async () => {
    const path = await largeTable();
    const ui = startTui([{ kind: "image", argument: { path, member } }], { columns: 100 });
    expect(await ui.shows("[18]: {")).toContain("head and 1,000,000 entries");
    ui.type("G");
    expect(await ui.shows("1,000,001 of 1,000,001")).toContain(
      '[1000000]: { vaddr: "0x7fff00000000", compat_nr_pages: 9',
    );
    ui.type("pgup", "pgup", "space");
    await ui.shows("999,963 of 1,000,004");
    expect(await ui.shows("▾ [999962]: 3 below")).toMatch(/vaddr: "0xb46000"\n/);
    ui.type("g");
    await ui.shows("[0]: { pages_id: 77 }");
    ui.type("j", "space");
    await ui.shows('      vaddr: "0x0"');
    // A window or two for each place that was looked at.
    expect(decoded.entries).toBeLessThan(600);
    expect(decoded.entries).toBeGreaterThan(100);
  });

  it("keeps no more nodes than a few windows, however far one scrolls", async () => {
    const path = await largeTable();
    const ui = startTui([{ kind: "image", argument: { path, member } }], { columns: 100 });
    await ui.shows("head and 1,000,000 entries");
    for (let page = 0; page < 120; page++) {
      ui.type("pgdn", "pgdn", "pgdn", "pgdn");
      if (page % 4 === 0) await ui.settled();
    }
    const [{ state } = { state: {} }] = ui.tui.app.stack;
    const { windows } = state as { windows: ReadonlyMap<string, unknown> };
    expect(windows.size).toBeGreaterThan(10);
    expect(windows.size).toBeLessThanOrEqual(32);
  });
});
