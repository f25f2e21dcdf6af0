import { describe, expect, it } from "vitest";
import { compile, compilerOf } from "../../bin/dev/exe/launcher/compile.js";
import { launcherBytes, launcherCompilers } from "../../bin/dev/exe/launcher/launcher-bytes.js";

describe.each(["x64", "arm64"] as const)("the launcher for %s", (arch) => {
  const bytes = Buffer.from(launcherBytes[arch], "base64");

  it("is a few kilobytes, and holds what it says", () => {
    expect(bytes.length).toBeLessThan(8192);
    for (const word of ["LD_PRELOAD=", "/proc/self/fd/", "glibc", "setuid"]) {
      expect(bytes.includes(word), word).toBe(true);
    }
  });

  // Another compiler may make other bytes.
  it.skipIf(compilerOf(arch) !== launcherCompilers[arch])("is what its source makes", () => {
    expect(compile(arch).equals(bytes)).toBe(true);
  });
});
