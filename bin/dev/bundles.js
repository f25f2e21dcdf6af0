// Plugins of esbuild, and the settings that all bundles share.
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workerText } from "./worker-text.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
/** Packages that `inspect` of a plain archive must not pay for. */
export const latePackages = [
  "picomatch",
  "re2js",
  "smol-toml",
  "tar-stream",
  "yaml",
  "zstddec/stream",
];
/** The script of the threads that audit archives. */
export const auditWorker = "audit-worker";
/** The part of the Kubernetes client that reads kubeconfigs and logs in. */
export const kubeconfigPackage = "@kubernetes/client-node/dist/config.js";

// JSON.parse of a text is several times faster than the same data as an object literal.
const jsonAsText = {
  name: "json-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /src\/.*\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, "utf8")));
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: "js" };
    });
  },
};

// Of the 156 messages of CRIU's schema a command needs a few: each is made when it is asked for.
const messagesOneByOne = {
  name: "messages-one-by-one",
  setup({ onLoad }) {
    onLoad({ filter: /src\/criu\/schema\/messages\.json$/ }, ({ path }) => {
      const { nested } = JSON.parse(readFileSync(path, "utf8"));
      const getters = Object.entries(nested).map(
        ([name, message]) => `get ${name}() { return ${JSON.stringify(message)} }`,
      );
      return { contents: `export default { nested: { ${getters.join(",\n")} } }`, loader: "js" };
    });
  },
};

// protobufjs keeps 64 bits as two halves in a class of the package `long`, whose arithmetic, in
// WebAssembly, nobody here asks for: the halves become a bigint (criu/decode.ts).
const halvesAlone = {
  name: "halves-alone",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^long$/ }, () => ({ path: "long", namespace: "halves" }));
    onLoad({ filter: /.*/, namespace: "halves" }, () => ({
      contents: `module.exports = class Long {
          constructor(low, high, unsigned) { Object.assign(this, { low, high, unsigned }) }
          static isLong(value) { return value instanceof Long }
        }`,
    }));
  },
};

// Commander loads child_process for subcommands that are programs of their own; there are none.
const lighterCommander = {
  name: "lighter-commander",
  setup({ onLoad }) {
    onLoad({ filter: /commander\/lib\/command\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/require\(['"]node:child_process['"]\)/, "{}"),
      loader: "js",
    }));
  },
};

// `import` of a module of Node's own makes a facade that reads every export, and so loads streams,
// sockets and promises for a command that wants none of them. This takes the named exports that
// our code uses from the module itself.
const plainBuiltins = {
  name: "plain-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_]+(\/promises)?$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      const namespace = kind === "require-call" ? "builtin-whole" : "builtin-names";
      return { path: path.replace("node:", ""), namespace };
    });
    const module = (path) => `process.getBuiltinModule(${JSON.stringify(path)})`;
    onLoad({ filter: /.*/, namespace: "builtin-whole" }, ({ path }) => ({
      contents: `module.exports = ${module(path)}`,
    }));
    onLoad({ filter: /.*/, namespace: "builtin-names" }, ({ path }) => {
      const names = [...importedNames(path)];
      // Its functions take two milliseconds to load, which only their first caller pays.
      const late = (name) => `export const ${name} = (...args) => ${module(path)}.${name}(...args)`;
      const contents =
        path === "fs/promises"
          ? names.map(late).join(";\n")
          : `export const { ${names.join(", ")} } = ${module(path)}`;
      return { contents };
    });
  },
};

/** Names that files of ours import from a module of Node's. */
function importedNames(module) {
  const list = "\\{([^{}]*)\\}";
  const statement = new RegExp(`import ${list} from "node:${module}"`, "g");
  const dynamic = new RegExp(`${list} = \\(?await import\\("node:${module}"\\)`, "g");
  const items = sources().flatMap((text) =>
    [...text.matchAll(statement), ...text.matchAll(dynamic)].flatMap(([, names]) =>
      names.split(","),
    ),
  );
  const values = items.map((item) => item.trim()).filter((item) => /^(?!type )\w/.test(item));
  return new Set(values.map((item) => item.split(" ")[0]));
}

function sources() {
  return ["src", "bin/dev"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.(ts|js)$/.test(name))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
}

export const apart = {
  name: "packages-apart",
  setup({ onResolve }) {
    const names = [...latePackages, kubeconfigPackage];
    onResolve({ filter: new RegExp(`^(${names.join("|")})$`) }, ({ path, kind }) => {
      if (kind !== "dynamic-import") throw new Error(`import ${path} with import()`);
      return { path: `./packages/${path}.cjs`, external: true };
    });
    // The script of the audit's threads is half a megabyte of text.
    onResolve({ filter: /\/worker-text\.ts$/ }, ({ importer }) =>
      importer.includes("/audit/run/")
        ? { path: `./packages/${auditWorker}.cjs`, external: true }
        : undefined,
    );
  },
};

// Of the Kubernetes client we take what reads kubeconfigs and runs login plugins. Its API, which
// has a class for every object of a cluster, and node-fetch, of which it takes a class that Node has
// itself, are three quarters of it; supports-color, which a debugger asks for, is not installed.
export const kubeconfigAlone = {
  name: "kubeconfig-alone",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(\.\/gen\/index\.js|node-fetch|supports-color)$/ }, ({ path }) => ({
      path,
      namespace: "not-needed",
    }));
    onLoad({ filter: /.*/, namespace: "not-needed" }, () => ({
      contents: `export const { Headers } = globalThis;
        export const createConfiguration = undefined, ServerConfiguration = undefined;`,
    }));
  },
};

// The terminal UI is a module of its own: Ink waits at its top level, which no script can.
export const tuiApart = {
  name: "tui-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/tui\/open-tui\.ts$/ }, () => ({ path: "./tui.js", external: true }));
  },
};

// Ink carries a bridge to React's developer tools, and a web socket for it.
export const noDevtools = {
  name: "no-devtools",
  setup({ onLoad }) {
    onLoad({ filter: /ink\/build\/devtools\.js$/ }, () => ({ contents: "" }));
  },
};

// Ink's layout engine is WebAssembly in a data URL, which it would fetch: Node loads its whole HTTP
// client for that, half of what the engine takes to start.
export const yogaWithoutFetch = {
  name: "yoga-without-fetch",
  setup({ onLoad }) {
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace('"function"!=typeof fetch', "true");
      if (contents === text) throw new Error("yoga-layout asks for fetch in another way now");
      return { contents };
    });
  },
};

// The entry reaches the rest through its code cache.
export const throughCache = {
  name: "through-code-cache",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/command-line\.ts$/ }, () => ({
      path: join(root, "bin/dev/code-cache.js"),
    }));
  },
};

// Packages of Ink's and of the Kubernetes client's are CommonJS and call for Node's modules by require().
export const withRequire = {
  js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
};

export const commonJs = { format: "cjs", outExtension: { ".js": ".cjs" } };

/** @param options of esbuild; `builtins` are the plugins that say how modules of Node's are taken. */
export function settings({ builtins = [plainBuiltins], ...options }) {
  return {
    absWorkingDir: root,
    outdir: join(root, "dist"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minify: true,
    // They are in THIRD-PARTY-LICENSES, whole.
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    ...options,
    plugins: [
      ...(options.plugins ?? []),
      messagesOneByOne,
      jsonAsText,
      workerText,
      halvesAlone,
      lighterCommander,
      ...builtins,
    ],
  };
}

/**
 * built-files.js reads scripts as ASCII. esbuild escapes what else stands in strings, and leaves
 * it in regular expressions and in templates with a tag, which know the same escapes.
 */
export function inAscii(script) {
  return script.replace(/[^\0-\x7f]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
