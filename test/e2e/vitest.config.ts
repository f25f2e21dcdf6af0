import base from "../vitest.config.ts";

/** Parts of the end-to-end tests that need the stand-ins of the other tests: `vitest run --config` this. */
export default {
  ...base,
  test: { ...base.test, include: ["test/e2e/**/*.e2e.ts"], testTimeout: 120_000 },
};
