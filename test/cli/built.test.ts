import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { version } from "../../src/base/version.ts";
import { built, shell } from "../support/built.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../support/samples.ts";

const owner = ["--permissions", "owner"];

describe("the built command", () => {
  it("says its version", () => {
    expect(built(["--version"])).toEqual({ code: 0, out: `cryoscope ${version}\n`, err: "" });
  });

  it.each([
    ["plain", rich],
    ["gzip", samplePath("podman/busybox-volume.tar.gz")],
    ["zstd", samplePath("podman/busybox-crun-zstd.tar.zst")],
  ])("says of a %s archive what the sources say", async (_what, sample) => {
    const copy = privateCopy(sample);
    for (const words of [
      ["inspect", "--show", "all", "-o", "json"],
      ["images", "--nested", "-o", "yaml"],
    ]) {
      expect(built([...words, ...owner, copy])).toEqual(await run([...words, ...owner, copy]));
    }
  });

  it("ends with the codes that the help names", () => {
    const copy = privateCopy(crioCounter);
    expect(built(["inspect"]).code).toBe(2);
    expect(built(["inspect", `${copy}.gone`]).code).toBe(3);
    expect(shell('chmod 644 "$1"; cryoscope inspect --permissions owner "$1"', copy).code).toBe(4);
  });

  it("has no colour where no terminal is, unless it is forced", () => {
    const words = ["inspect", ...owner, privateCopy(crioCounter)];
    expect(built(words).out).not.toContain("\u001b");
    expect(built(words, { env: { FORCE_COLOR: "1" } }).out).toContain("\u001b[1mContainer");
    expect(built(words, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).out).not.toContain("\u001b");
  });
});

describe("a search that would take years", () => {
  it("ends at Ctrl-C, and leaves no file", () => {
    // Under job control, what bash starts in the background is a group of its own, and hears SIGINT.
    const line = `set -m
      cryoscope memory search --regex "$2" --output-file "$1.txt" --permissions owner "$1" &
      until [ -e "$1.txt" ]; do sleep 0.05; done
      for try in $(seq 50); do sleep 0.2; kill -INT -- -$! || break; done 2>/dev/null
      kill -KILL -- -$! 2>/dev/null
      wait $!; echo "code $?"; ls "$1.txt"`;
    const hopeless = "[ -~](?:[ -z]|[!-~])+(?=\\x01\\x02\\x03\\x04\\x05\\x06)";
    const { out, err } = shell(line, privateCopy(rich), hopeless);
    expect(out).toContain("code 130\n");
    expect(err).toMatch(/ls: .*No such file/);
  });
});

describe("a disk that is full", () => {
  const archive = (): string => privateCopy(crioCounter);

  it.runIf(existsSync("/dev/full"))("is one clear error where stdout goes to it", () => {
    const line = 'cryoscope audit --no-memory -o sarif --permissions owner "$1" >/dev/full';
    const { code, err } = shell(line, archive());
    expect(code).toBe(4);
    expect(err).toMatch(
      /^cryoscope: the result cannot be written to standard output\n {2}found {4}ENOSPC\n/,
    );
    expect(err.split("\n")).toHaveLength(4);
  });

  it("is one clear error where a report goes to it, and no part of it stays", () => {
    // A limit of the shell's for the size of files stands for the disk.
    const line = `trap "" XFSZ; ulimit -f 8
      cryoscope audit --no-memory -o sarif --permissions owner --output-file "$1.sarif" "$1"
      echo "code $?"; ls "$1.sarif"`;
    const { out, err } = shell(line, archive());
    expect(out).toContain("code 4\n");
    expect(err).toMatch(/^cryoscope: the result cannot be written to .*\.sarif, and no part/);
    expect(err).toMatch(/ls: .*No such file/);
  });
});

describe("pipes", () => {
  it("a reader that goes away is no error, and nothing is said of it", () => {
    const copy = privateCopy(rich);
    const line = 'cryoscope inspect --show all -o json --permissions owner "$1" | head -n 1';
    expect(shell(line, copy)).toEqual({ code: 0, out: "{\n", err: "" });
  });

  it("a reader that goes away before all of a long output is taken is none either", () => {
    // Far more than a pipe holds, so that the command is still writing when it goes.
    const line = `(
      for at in 1 2 3 4; do
        cryoscope images --nested -o json --permissions owner "$1" || echo "code $?" >&2
      done
    ) | head -c 10 >/dev/null`;
    expect(shell(line, privateCopy(rich))).toEqual({ code: 0, out: "", err: "" });
  });

  it("standard input from a pipe", () => {
    const { code, out } = shell('cat "$1" | cryoscope inspect -o json -', rich);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      archive: { path: "-", mode: null },
      container: { name: "rich" },
    });
  });

  it("standard input redirected from a file, which the gate judges and which can seek", () => {
    const copy = privateCopy(crioCounter);
    const descriptor = openSync(copy, "r");
    try {
      const { code, out, err } = built(["inspect", "-o", "json", ...owner, "-"], {
        stdio: [descriptor, "pipe", "pipe"],
      });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(out)).toMatchObject({
        archive: { path: "-", mode: "0600", lockedDown: true, sizeBytes: 292_864 },
        problems: [],
      });
    } finally {
      closeSync(descriptor);
    }
    const lax = shell('chmod 644 "$1"; cryoscope inspect --permissions owner - <"$1"', copy);
    expect(lax).toMatchObject({ code: 4, out: "" });
    expect(lax.err).toContain("can be read by others");
  });

  it("a member to another program, byte for byte", () => {
    const line = 'cryoscope extract --stdout --permissions owner "$1" rootfs-diff.tar | tar -t';
    const { code, out } = shell(line, privateCopy(rich));
    expect(code).toBe(0);
    expect(out.split("\n")).toContain("etc/created.conf");
  });

  it("closed standard streams are no fault of ours", () => {
    const copy = privateCopy(crioCounter);
    const { code, err } = shell('cryoscope list --permissions owner "$1" >&- <&-', copy);
    expect([code, err]).not.toContain(70);
    expect(err).not.toContain("fault of cryoscope");
  });
});

describe("completion", () => {
  it("of the built command is that of the sources, and bash takes it", async () => {
    expect(built(["completion", "bash"])).toEqual(await run(["completion", "bash"]));
    const { code, out, err } = shell("source <(cryoscope completion bash); complete -p cryoscope");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("-F _cryoscope cryoscope");
  });
});

it("samples are as they were", () => {
  // Tests read copies; a command that wrote to its archive would be found here.
  expect(readFileSync(rich).length).toBe(591_360);
});
