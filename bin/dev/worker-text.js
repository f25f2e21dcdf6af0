// A plugin for esbuild, and one for Vite: each worker-text.ts becomes what its docstring says, the
// worker.ts beside it as a text.
import { build } from "esbuild";

const filter = /src\/(memory\/parallel|audit\/run)\/worker-text\.ts$/;

async function contents(path) {
  const { outputFiles } = await build({
    // A thread starts no threads: in it, the texts are empty.
    entryPoints: [path.replace(/worker-text\.ts$/, "worker.ts")],
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
    onLoad({ filter }, async ({ path }) => ({ contents: await contents(path) }));
  },
};

export const workerTextForVite = {
  name: "worker-text",
  enforce: "pre",
  load: (id) => (filter.test(id) ? contents(id) : undefined),
};
