import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnose, firstErrorLine, remedyOf } from "../../src/diagnose/diagnose.ts";
import type { KnownError } from "../../src/diagnose/known-error.ts";
import { knownErrors } from "../../src/diagnose/known-errors.ts";
import { phrasePattern } from "../../src/diagnose/phrase.ts";

/** Lines of real logs and answers, and the error they are. */
const lines: readonly (readonly [id: string, line: string])[] = [
  [
    "tcp-established",
    "(00.024730) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.",
  ],
  [
    "tcp-in-flight",
    "(00.1) Error (criu/sk-inet.c:188): inet: In-flight connection (l) for 8f3a. Use --skip-in-flight option",
  ],
  ["mptcp-socket", "(00.1) Error (criu/sk-inet.c:146): inet: Unsupported proto 262 for socket 9c"],
  ["icmp-socket", "(00.1) Error (criu/sk-inet.c:146): inet: Unsupported proto 1 for socket 9c"],
  [
    "socket-options-of-new-kernels",
    "Error (criu/sockets.c:530): sockets: Can't get 1:16 opt: Operation not supported",
  ],
  [
    "external-unix-socket",
    "Error (criu/sk-unix.c:780): unix: Can't dump half of stream unix connection.",
  ],
  [
    "mount-of-file-not-found",
    "Error (criu/files-reg.c:1): Can't lookup mount=29 for fd=3 path=/var/log/app.log",
  ],
  [
    "filesystem-unsupported",
    "Error (criu/mount.c:1): mnt: FS mnt ./dev/x dev 0x3d root / unsupported id 123",
  ],
  [
    "ghost-limit",
    "Error (criu/files-reg.c:1): Can't dump ghost file /tmp/x.so of 2097152 size, increase limit",
  ],
  ["inotify-handle", "Error (criu/fsnotify.c:1): fsnotify: Handle 0x3a:0x1f22 cannot be opened"],
  ["io-uring", "Error (criu/files-ext.c:1): Unknown shit 600 (anon_inode:[io_uring])"],
  [
    "session-from-outside",
    "Error (criu/cr-dump.c:1): A session leader of 40(12) is outside of its pid namespace",
  ],
  ["freeze-timeout", "Error (criu/seize.c:1): Timeout reached. Try to interrupt: 0"],
  [
    "process-not-seizable",
    "Error (criu/seize.c:1): Unseizable non-zombie 41 found, state T, err -1/0",
  ],
  [
    "gpu-without-plugin",
    "Error (criu/files-ext.c:96): Can't dump file 12 of that type [20666] (chr 195:255)",
  ],
  [
    "device-open",
    "Error (criu/files-ext.c:96): Can't dump file 12 of that type [20666] (chr 10:229)",
  ],
  [
    "network-lock",
    "Error (criu/net.c:1): net: Locking network failed: iptables-restore returned 1",
  ],
  [
    "terminal-from-outside",
    "Error (criu/tty.c:1): tty: Found slave peer index 0 without correspond master peer",
  ],
  [
    "resource-limits-denied",
    "Error (criu/cr-dump.c:1): Can't get rlimit 0: Operation not permitted",
  ],
  [
    "runtime-without-checkpoint",
    "rpc error: code = Unimplemented desc = unknown method CheckpointContainer for service runtime.v1.RuntimeService",
  ],
  [
    "checkpoint-disabled",
    "rpc error: code = Unknown desc = checkpoint/restore support not available",
  ],
  [
    "oci-runtime-without-criu",
    "rpc error: code = Unknown desc = configured runtime does not support checkpoint/restore",
  ],
  ["container-not-running", "checkpointing of default/web/init failed (container init not found)"],
  [
    "criu-missing",
    'CRIU binary not found or too old (<31600). Failed to checkpoint: exec: "criu": executable file not found in $PATH',
  ],
  [
    "criu-too-old",
    "CRIU binary not found or too old (<31600). Failed to checkpoint container: version 31500",
  ],
  ["criu-wordless", "criu failed: type DUMP errno 0 path= /run/x/criu-dump.log"],
];

describe("known errors", () => {
  it.each(lines)("%s", (id, line) => {
    expect(diagnose(`before\n${line}\nafter`).map(({ error }) => error.id)).toEqual([id]);
  });

  it("are each found by each of their own phrases", () => {
    for (const error of knownErrors) {
      for (const phrase of error.phrases) {
        const line = phrase.replace(/%\w/g, "7");
        expect(diagnose(line)[0]?.error.id, phrase).toBe(error.id);
      }
    }
  });

  it("have names of their own, a cause, a remedy and a source, without a final stop", () => {
    expect(new Set(knownErrors.map(({ id }) => id)).size).toBe(knownErrors.length);
    for (const { id, cause, remedy, sources } of knownErrors) {
      expect(cause, id).toMatch(/\S{2}$/);
      for (const sentence of [cause, remedy]) {
        expect(sentence.length, id).toBeGreaterThan(15);
        expect(sentence, id).not.toMatch(/\.$/);
      }
      expect(sources.length, id).toBeGreaterThan(0);
    }
  });

  it("are silent about what they do not know", () => {
    expect(diagnose("rpc error: code = Unknown desc = the moon is full")).toEqual([]);
    expect(firstErrorLine("all is well")).toBeUndefined();
  });
});

describe("the error to act on", () => {
  const excerpt = [
    "(00.001061) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted",
    "(00.024730) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.",
    "(00.095987) Error (criu/cr-dump.c:1975): Dumping FAILED.",
    "CRIU checkpointing failed -52",
  ].join("\n");

  it("is the first that does not follow from others", () => {
    const [first, ...rest] = diagnose(excerpt);
    expect(first).toMatchObject({
      error: { id: "tcp-established" },
      line: "inet: Connected TCP socket, consider using --tcp-established option.",
    });
    expect(rest.map(({ error }) => error.id)).toEqual([
      "limit-not-raised",
      "gave-up",
      "criu-wordless",
    ]);
  });

  it("is the first line of CRIU's where none is known", () => {
    const unknown = excerpt.replace(/Connected TCP.*/, "a new kind of trouble");
    expect(diagnose(unknown)[0]?.error.secondary).toBe(true);
    expect(firstErrorLine(unknown)).toBe("inet: a new kind of trouble");
  });

  it("comes with the file of the runtime that the text names", () => {
    const { error } = diagnose(excerpt)[0] as { error: KnownError };
    expect(remedyOf(error, '"/usr/bin/crun"')).toContain(
      'put the line "tcp-established" into /etc/criu/crun.conf on the node',
    );
    expect(remedyOf(error, "runc did not terminate")).toContain("/etc/criu/runc.conf on the node");
    expect(remedyOf(error, "nobody")).toContain("runc.conf (crun: /etc/criu/crun.conf)");
  });
});

describe("phrases", () => {
  it("take conversions of C and Go for anything on the line", () => {
    expect(
      phrasePattern("of that type [%o] (chr 195:").test("of that type [20666] (chr 195:2"),
    ).toBe(true);
    expect(phrasePattern("Handle 0x%x:0x%lx").test("Handle 0x3a:0x1f")).toBe(true);
    expect(phrasePattern("a%sb%dc").test("ab, acb, c")).toBe(true);
    expect(phrasePattern("a%sb%dc").test("cba")).toBe(false);
    expect(phrasePattern("100%% sure").test("100% sure")).toBe(true);
  });

  it("find themselves whatever characters they are of", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const phrase = text.replaceAll("%", "%%");
        expect(phrasePattern(phrase).test(text)).toBe(true);
      }),
    );
  });

  it("cost no more than the text is long", () => {
    const text = "Can't dump ghost file ".repeat(20_000);
    expect(diagnose(text)).toEqual([]);
  });
});
