// Builds the command line as scripts that share their modules: what `inspect` and its like need, and
// what other commands load when they run, apart where only some commands load it. Every tenth of a
// megabyte in the first costs each start two milliseconds.
//
// esbuild splits modules by who needs them, into ES modules with import(). A script with a V8 code
// cache has neither on Node 20, so each piece becomes a function with require(), and the pieces of
// a script stand in one object by their names, which scripts.js reads.
import { basename } from "node:path";
import { build, transform } from "esbuild";

/** Commands that run apart from others, by the folders of what they alone load. */
const groups = {
  audit: /^src\/(audit|report\/html)\/|^src\/cli\/commands\/(audit|diff|memory\/secrets)\b/,
  cluster:
    /^src\/(kubelet|node)\/|^src\/cli\/commands\/(checkpoint|node)\/|^src\/cli\/commands\/completion\/cluster-names\b/,
  remote: /^src\/remote\/|^src\/cli\/upload\b/,
  restore: /^src\/(restore|diagnose)\/|^src\/cli\/commands\/(restore|explain)\//,
};

/**
 * @param options of esbuild, with the entry `command-line`.
 * @returns the texts of the scripts by their names, what esbuild read, and how many bytes of
 *   which files the first script holds.
 */
export async function commandScripts(options) {
  const { outputFiles, metafile } = await build({
    ...options,
    splitting: true,
    write: false,
    metafile: true,
    chunkNames: "[name]-[hash]",
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]),
  );
  const first = reach(outputs, "command-line.js");
  const homes = homesOf(outputs, first);
  const texts = await Promise.all(
    outputFiles.map(async ({ path, text }) => [
      basename(path),
      await asFunction(text, options.target),
    ]),
  );
  const scripts = new Map([["command-line.cjs", [["homes", JSON.stringify(namedHomes(homes))]]]]);
  for (const [name, code] of texts) {
    const home = first.has(name) ? "command-line.cjs" : homes.get(name);
    scripts.set(home, [...(scripts.get(home) ?? []), [`./${name}`, code]]);
  }
  return {
    scripts: [...scripts].map(([name, pieces]) => ({
      name,
      text: `({${pieces.map(([piece, code]) => `"${piece}":${code}`).join(",\n")}})`,
    })),
    inputs: Object.keys(metafile.inputs),
    sizes: [...first].flatMap((name) =>
      Object.entries(outputs.get(name).inputs).map(([path, input]) => [path, input.bytesInOutput]),
    ),
  };
}

/** A piece and all that it cannot be loaded without. */
function reach(outputs, root, found = new Set()) {
  if (found.has(root)) return found;
  found.add(root);
  for (const { kind, path, external } of outputs.get(root)?.imports ?? []) {
    if (kind === "import-statement" && !external) reach(outputs, basename(path), found);
  }
  return found;
}

/**
 * The script of each piece that is not in the first: `late.cjs`, or that of the one group that asks
 * for it.
 */
function homesOf(outputs, first) {
  const homes = new Map();
  for (const [root, { entryPoint }] of outputs) {
    if (entryPoint === undefined) continue;
    const group = Object.keys(groups).find((name) => groups[name].test(entryPoint));
    const home = group === undefined ? shared : `late-${group}.cjs`;
    for (const name of reach(outputs, root)) {
      if (first.has(name)) continue;
      homes.set(name, (homes.get(name) ?? home) === home ? home : shared);
    }
  }
  return homes;
}

const shared = "late.cjs";

function namedHomes(homes) {
  return Object.fromEntries(
    [...homes].filter(([, home]) => home !== shared).map(([name, home]) => [`./${name}`, home]),
  );
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
