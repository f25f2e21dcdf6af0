import type { Source } from "./explanation.ts";

const thread = /^([\w.-]+\/[\w.-]+)#(\d+)$/;

/** Sources that are no threads, and where they can be read. */
const named: Readonly<Record<string, string>> = {
  "criu sources": "https://github.com/checkpoint-restore/criu",
  "containerd sources": "https://github.com/containerd/containerd",
  "cri-o sources": "https://github.com/cri-o/cri-o",
  "crun sources": "https://github.com/containers/crun",
  "runc sources": "https://github.com/opencontainers/runc",
};

/** A source of a known error, with its address where it has one. GitHub leads on to pull requests. */
export function sourceOf(name: string): Source {
  const found = thread.exec(name);
  if (found !== null) return { name, url: `https://github.com/${found[1]}/issues/${found[2]}` };
  return { name, url: Object.hasOwn(named, name) ? (named[name] as string) : null };
}
