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
    // Files share the modules of their thread: to load them anew for each took a quarter of the time.
    isolate: false,
    // Tests of the UI, of networks and of built commands wait more than they work.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
