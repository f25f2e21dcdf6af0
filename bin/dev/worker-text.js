// A plugin for esbuild, and one for Vite: src/memory/parallel/worker-text.ts becomes what its
// docstring says.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("../../src/memory/parallel/", import.meta.url);
const filter = /memory\/parallel\/worker-text\.ts$/;

async function contents() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("worker.ts", folder))],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minify: true,
    logLevel: "warning",
  });
  return `export const workerText = ${JSON.stringify(outputFiles[0].text)};`;
}

export const workerText = {
  name: "worker-text",
  setup({ onLoad }) {
    onLoad({ filter }, async () => ({ contents: await contents() }));
  },
};

export const workerTextForVite = {
  name: "worker-text",
  enforce: "pre",
  load: (id) => (filter.test(id) ? contents() : undefined),
};
