import { describe, expect, it } from "vitest";
import { fastClock } from "../support/clock.ts";
import { fakeRegistry } from "../support/registry.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, scratch } from "../support/samples.ts";

const env = (): Record<string, string> => ({ HOME: scratch(), XDG_RUNTIME_DIR: scratch() });

describe("an image that was pushed", () => {
  it.each(["none", "gzip"])("is read where it lies: %s", async (compress) => {
    const registry = await fakeRegistry();
    const name = `${registry.host}/team/app:1`;
    const words = ["restore", "image", privateCopy(crioCounter), "--permissions", "owner"];
    const pushed = await run([...words, "--push", name, "--yes", "--compress", compress], {
      clock: fastClock(100, true),
      env: env(),
    });
    expect(pushed.code).toBe(0);
    const { code, out, err } = await run(["inspect", `oci://${name}`, "-o", "json"], {
      env: env(),
    });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      container: { name: "counter" },
      archive: { path: `oci://${name}`, lockedDown: null },
    });
  });
});
