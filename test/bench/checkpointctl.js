// checkpointctl, the tool to compare with: on PATH, or on a node where it is installed.
//
//   CRYOSCOPE_BENCH_NODE      words before a command that make it run on that node: "ssh-like run"
//   CRYOSCOPE_BENCH_NODE_DIR  where the node sees the folder given with --dir, if not at its own path
import { join, relative } from "node:path";
import { run } from "./measure.js";

/** Undefined where there is no checkpointctl. */
export async function findCheckpointctl(parent, memory) {
  const prefix = process.env.CRYOSCOPE_BENCH_NODE ?? "";
  const there = process.env.CRYOSCOPE_BENCH_NODE_DIR ?? parent;
  // The shell takes the prefix apart, so that it can hold quotes and variables.
  const script = (text, ...args) => [
    "sh",
    "-c",
    `${prefix} "$@"`,
    "sh",
    "sh",
    "-c",
    text,
    "sh",
    ...args,
  ];

  const asked = await run(script("command -v checkpointctl"));
  if (asked.status !== 0) return undefined;

  return {
    /** Times `inspect` where it runs: the way to the node must not count. */
    async inspect(path) {
      const file = join(there, relative(parent, path));
      const command = script(
        'b=$(date +%s%N); checkpointctl inspect "$1" >/dev/null 2>&1; s=$?; echo "$b $(date +%s%N) $s"',
        file,
      );
      const { status, text } = await run(memory.wrap(command), { output: true });
      const peak = memory.taken();
      const [begin, end, code] = text.trim().split(" ");
      if (status !== 0 || code === undefined) return { ms: Number.NaN, status: "lost", peak };
      return { ms: Number(BigInt(end) - BigInt(begin)) / 1e6, status: Number(code), peak };
    },
  };
}
