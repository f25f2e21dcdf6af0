import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { workerTextForVite } from "../bin/dev/worker-text.js";

export default defineConfig({
  plugins: [workerTextForVite],
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    pool: "threads",
    // Tests of the UI, of networks and of built commands wait more than they work.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
