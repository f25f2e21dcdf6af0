import { describe, expect, it } from "vitest";
import { archivePath } from "../../../src/kubelet/fetch/archive-path.ts";
import { fetchWords, filledWords, splitWords } from "../../../src/kubelet/fetch/words.ts";

const path = "/var/lib/kubelet/checkpoints/checkpoint-a_default-b-2026-11-21T22:05:14Z.tar";

describe("words of a command", () => {
  it.each([
    ["ssh {node} sudo cat {path}", ["ssh", "{node}", "sudo", "cat", "{path}"]],
    ["  a\t'b c'  ", ["a", "b c"]],
    [`a "b \\"c\\" $HOME" 'd\\e'`, ["a", 'b "c" $HOME', "d\\e"]],
    ["a\\ b x'y z'\"w v\"", ["a b", "xy zw v"]],
    ["sh -c 'cat \"$1\" | gzip' - {path}", ["sh", "-c", 'cat "$1" | gzip', "-", "{path}"]],
    ["a ''", ["a", ""]],
  ])("%s", (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each([
    ["", "names no program"],
    ["'' {path}", "names no program"],
    ["ssh 'x {path}", "an open quote"],
    ['ssh "x {path}', "an open quote"],
    ["ssh {path} \\", "an open quote"],
    ["cat {file}", "asks for what is not known"],
    ["ssh {node} cat", "does not say which archive"],
  ])("refuses %s", (text, words) => {
    expect(() => fetchWords(text)).toThrow(words);
  });

  it("are filled inside, and stay as many as they are", () => {
    expect(filledWords(["ssh", "root@{node}", "cat {path}", "{path}"], "worker-3", path)).toEqual([
      "ssh",
      "root@worker-3",
      `cat ${path}`,
      path,
    ]);
  });

  it.each(["-oProxyCommand=x", "a b", "a;b", "", "$(x)"])("never takes %j for a node", (node) => {
    expect(() => filledWords(["ssh", "{node}"], node, path)).toThrow("not handed to a program");
  });
});

describe("the path of an archive", () => {
  it("is taken apart", () => {
    expect(archivePath(path)).toEqual({
      path,
      folder: "/var/lib/kubelet/checkpoints",
      name: "checkpoint-a_default-b-2026-11-21T22:05:14Z.tar",
    });
  });

  it.each([
    "/etc/shadow",
    "/etc/checkpoint-a.tar",
    "/var/lib/kubelet/checkpoints/../pki/checkpoint-a.tar",
    "/var/./checkpoints/checkpoint-a.tar",
    "checkpoints/checkpoint-a.tar",
    "/checkpoints/checkpoint-a b.tar",
    "/checkpoints/checkpoint-$(reboot).tar",
    "/checkpoints/checkpoint-a.tar\n",
    "/checkpoints/checkpoint-a/b.tar",
    "/checkpoints/kubelet.conf",
    `/${"a".repeat(5000)}/checkpoints/checkpoint-a.tar`,
  ])("is never %j", (wrong) => {
    expect(() => archivePath(wrong)).toThrow("no archive of a kubelet's");
  });
});
