// Builds the command line as two scripts that share their modules: what `inspect` and its like
// need, and what other commands load when they run. Every tenth of a megabyte in the first costs
// each start two milliseconds.
//
// esbuild splits modules by who needs them, into ES modules with import(). A script with a V8 code
// cache has neither on Node 20, so each piece becomes a function with require(), and the pieces of
// a script stand in one object by their names, which code-cache.js reads.
import { basename } from "node:path";
import { build, transform } from "esbuild";

/**
 * @param options of esbuild, with the entry `command-line`.
 * @returns the texts of both scripts, and what esbuild read.
 */
export async function commandScripts(options) {
  const { outputFiles, metafile } = await build({
    ...options,
    splitting: true,
    write: false,
    metafile: true,
    chunkNames: "[name]-[hash]",
  });
  const imports = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      basename(path),
      output.imports.filter(({ kind }) => kind === "import-statement"),
    ]),
  );
  const first = new Set();
  const visit = (name) => {
    if (first.has(name)) return;
    first.add(name);
    for (const { path, external } of imports.get(name) ?? []) {
      if (!external) visit(basename(path));
    }
  };
  visit("command-line.js");
  const pieces = await Promise.all(
    outputFiles.map(async ({ path, text }) => ({
      name: basename(path),
      code: await asFunction(text, options.target),
    })),
  );
  const script = (chosen) =>
    `({${chosen.map(({ name, code }) => `"./${name}":${code}`).join(",\n")}})`;
  return {
    first: script(pieces.filter(({ name }) => first.has(name))),
    late: script(pieces.filter(({ name }) => !first.has(name))),
    inputs: Object.keys(metafile.inputs),
  };
}

async function asFunction(text, target) {
  const { code } = await transform(text, {
    format: "cjs",
    target,
    minify: true,
    legalComments: "none",
    supported: { "dynamic-import": false },
  });
  return `(function(exports,require,module){${code}})`;
}
