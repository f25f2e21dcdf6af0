import { baseName, placeOf, readTasks, type Task } from "../../checkpoint/needs/tasks.ts";
import type { FileModel } from "../../criu/files/file-model.ts";
import type { OpenFile } from "../../criu/files/open-file.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import type { FindingPlace } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** A mapping that may be run. */
export interface ExecutableMapping {
  task: Task;
  mapping: Mapping;
  /** The file that is mapped; undefined for anonymous memory. */
  file: OpenFile | undefined;
  /** `file`: a regular file. `memfd`: one without a name. `anonymous`: no file at all. */
  kind: "file" | "memfd" | "anonymous";
  writable: boolean;
}

/** Executable mappings of all processes, without what the kernel maps itself. */
export function readExecutableMappings(subject: Subject): Promise<ExecutableMapping[]> {
  return subject.once("executable mappings", async () => {
    const { processes } = await subject.checkpoint.memory();
    const model = await subject.checkpoint.files();
    const found: ExecutableMapping[] = [];
    for (const task of await readTasks(subject)) {
      for (const mapping of processes.get(task.process.pid)?.mappings ?? []) {
        if (mayRun(mapping)) found.push(describe(task, mapping, model));
      }
    }
    return found;
  });
}

function mayRun({ permissions, backing, name }: Mapping): boolean {
  return permissions[2] === "x" && backing !== "kernel" && name !== "[vdso]";
}

function describe(task: Task, mapping: Mapping, model: FileModel): ExecutableMapping {
  const kind = kindOf(mapping);
  const id = Number(mapping.entry.shmid);
  const writable = mapping.permissions[1] === "w";
  const type = kind === "memfd" ? "memfd" : "regular";
  const file = kind === "anonymous" ? undefined : model.find(type, id);
  return { task, mapping, file, kind, writable };
}

/** CRIU saves memory that processes share as a memfd of this name; it never had a file. */
const sharedAnonymous = "/memfd:/dev/zero";

function kindOf({ backing, name }: Mapping): ExecutableMapping["kind"] {
  if (name === sharedAnonymous) return "anonymous";
  if (name.startsWith("/memfd:")) return "memfd";
  return backing === "file" ? "file" : "anonymous";
}

export function mappingPlace(subject: Subject, { task, mapping }: ExecutableMapping): FindingPlace {
  const { start: address, name } = mapping;
  return { ...placeOf(subject, task, "mm"), address, mapping: name === "" ? "anonymous" : name };
}

/** Bytes of a mapping. */
export function mappingBytes({ mapping: { start, end } }: ExecutableMapping): number {
  return Number(end - start);
}

/** Programs that write machine code while they run, by what their file is called. */
const compilers: readonly (readonly [RegExp, string])[] = [
  [/^(?:node|nodejs|deno|bun|electron|chrome|chromium.*|envoy)$/, "JavaScript or WebAssembly"],
  [/^(?:java|javaw|graal.*)$/, "Java"],
  [/^(?:dotnet|mono.*|pwsh)$/, ".NET"],
  [/^(?:beam\.smp|erl)$/, "Erlang"],
  [/^(?:luajit.*|nginx-lua|openresty)$/, "LuaJIT"],
  [/^(?:ruby.*|pypy.*|php.*|julia.*|postgres)$/, "its language"],
  [/^(?:wasmtime|wasmer|wasmedge)$/, "WebAssembly"],
  [/^qemu-.*$/, "another processor"],
  [/^(?:firefox.*|plugin-container)$/, "JavaScript"],
];

/** What a program compiles while it runs; undefined where it is not known for that. */
export function compiles({ program }: Task): string | undefined {
  const name = baseName(program ?? "");
  return compilers.find(([pattern]) => pattern.test(name))?.[1];
}
