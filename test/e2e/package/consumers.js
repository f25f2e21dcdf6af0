// Programs in TypeScript that use the library, checked as strictly as the compiler can: with every
// declaration of ours that they reach.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @returns checks by their names; each throws where the compiler finds something. */
export function typeScript({ root, project, env, question }) {
  // A consumer has types of Node's own, as every program for Node.
  for (const name of ["@types/node", "undici-types"]) {
    cpSync(join(root, "node_modules", name), join(project, "node_modules", name), {
      recursive: true,
    });
  }
  const compile = (options, files) => {
    const config = {
      compilerOptions: {
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ["node"],
        target: "es2023",
        lib: ["es2023"],
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        resolveJsonModule: true,
        ...options,
      },
      files: Object.keys(files),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    try {
      execFileSync(process.execPath, [compiler], { cwd: project, env, stdio: "pipe" });
    } catch ({ stdout, message }) {
      throw new Error(stdout?.toString() || message);
    }
  };
  const types = `import { type Checkpoint, Fault, openCheckpoint, type Inspection } from "cryoscope";
export type Both = [Checkpoint, Inspection, Fault];
// @ts-expect-error openCheckpoint wants a path: this fails where types became any.
void openCheckpoint(1);
${question}`;
  const json = `import inspection from "cryoscope/schema/inspection.json" with { type: "json" };
export const schema: string = inspection.$schema;`;
  mkdirSync(join(project, "src"), { recursive: true });
  return {
    "has types for module: node16, in an ES module": () =>
      compile({ module: "node16" }, { "src/a.mts": types }),
    "has types for module: nodenext, in an ES module, with require() and for schemas": () =>
      compile(
        { module: "nodenext" },
        { "src/a.mts": types, "src/c.cts": types, "src/b.mts": json },
      ),
    "has types for moduleResolution: bundler": () =>
      compile({ module: "esnext", moduleResolution: "bundler" }, { "src/a.ts": types }),
  };
}
