// Bundles what the executable has besides the scripts of dist/: its entry, and the UI as scripts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import {
  inAscii,
  kubeconfigAlone,
  noDevtools,
  root,
  settings,
  throughCache,
  yogaWithoutFetch,
} from "../bundles.js";

const here = join(root, "bin/dev/exe");

/** Takes files of this folder for those that the npm package has. */
const standIns = {
  name: "stand-ins",
  setup({ onResolve }) {
    const take = (filter, name, from = /./) =>
      onResolve({ filter }, ({ importer }) =>
        from.test(importer) ? { path: join(here, name) } : undefined,
      );
    take(/^\.\.?\/built-files\.js$/, "built-files.js");
    take(/\/built-worker\.ts$/, "built-worker.js");
    take(/\/tui\.tsx$/, "run-tui.js", /open-tui\.ts$/);
    take(/\/effects\/engine\.ts$/, "no-engine.js", /open-tui\.ts$/);
  },
};

const tuiApart = {
  name: "tui-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/tui\/open-tui\.ts$/ }, () => ({ path: join(here, "open-tui.js") }));
  },
};

// Ink waits at its top level for its layout engine, and for what only its developers want.
const noWaiting = {
  name: "no-waiting",
  setup({ onLoad }) {
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, ({ path }) => ({
      contents: changed(path, {
        "const Yoga = wrapAssembly(await loadYoga());":
          "let Yoga; export const ready = loadYoga().then((it) => { Yoga = wrapAssembly(it); });",
        "export default Yoga;": "export { Yoga as default };",
      }),
    }));
    onLoad({ filter: /ink\/build\/reconciler\.js$/ }, ({ path }) => ({
      contents: changed(path, {
        "await import('./devtools.js');": "",
        "await loadPackageJson()": "undefined",
      }),
    }));
  },
};

function changed(path, changes) {
  let text = readFileSync(path, "utf8");
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`${path} reads otherwise now: ${from} is not in it`);
    text = text.replace(from, to);
  }
  return text;
}

async function bundled(entry, options) {
  const { outputFiles } = await build({
    ...settings({
      entryPoints: [entry],
      format: "cjs",
      target: "node24",
      // A script that is run through its code cache has no import().
      supported: { "dynamic-import": false },
      write: false,
      // What packages would find their files by; they have none.
      define: { "import.meta.url": '"file:///"', "process.env.NODE_ENV": '"production"' },
      ...options,
    }),
  });
  return inAscii(outputFiles[0].text);
}

/** @returns texts by their names: the entry `main.js`, and `thread.js`, `tui.cjs`, `tui-worker.cjs`. */
export async function bundles() {
  const small = { plugins: [standIns, throughCache, tuiApart] };
  const ui = {
    plugins: [standIns, noDevtools, noWaiting, yogaWithoutFetch, kubeconfigAlone],
    // Ink and the Kubernetes client take Node's modules whole.
    builtins: [],
  };
  const [main, thread, tui, worker] = await Promise.all([
    bundled("bin/dev/exe/main.js", small),
    bundled("bin/dev/exe/thread.js", small),
    bundled("src/tui/open-tui.ts", ui),
    bundled("src/tui/effects/worker.ts", ui),
  ]);
  const whole = (text) => `(function(exports,require,module){${text}\n})`;
  return {
    "main.js": main,
    "thread.js": thread,
    "tui.cjs": whole(tui),
    "tui-worker.cjs": whole(worker),
  };
}
