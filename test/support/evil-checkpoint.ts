import { CheckpointBuilder } from "./checkpoint-builder.ts";
import { entry, image } from "./criu-encoder.ts";

/** Clears the screen, sets the title, turns text around, hides it, breaks the line, ends a string. */
export const evilText =
  "\u001b[2J\u001b]0;title\u0007\u009b31m\r\n\t\b\u007f\u202egnp.exe\u202c\u2066x\u2069\u200b\u00ad\ufeff\u2028\u061c\u{e0041}\0end";

/** What must be left of it for a reader. */
export const left = "gnp.exe";

/** A real checkpoint in which every text that a stranger could choose is hostile. */
export async function withEvilMetadata(evil: string = evilText): Promise<string> {
  const builder = await CheckpointBuilder.from();
  const spec = JSON.parse(builder.content("spec.dump").toString()) as {
    annotations: Record<string, string>;
    mounts: object[];
    hostname: string;
  };
  spec.hostname = evil;
  spec.mounts = [{ destination: evil, type: evil, source: evil, options: [evil] }];
  for (const key of ["container.name", "pod.name", "pod.namespace", "pod.uid"]) {
    spec.annotations[`io.kubernetes.${key}`] = evil;
  }
  spec.annotations[evil] = evil;
  const config = {
    id: evil,
    name: evil,
    rootfsImageName: evil,
    rootfsImageRef: evil,
    runtime: evil,
  };
  return builder
    .replace("spec.dump", JSON.stringify(spec))
    .replace("config.dump", JSON.stringify(config))
    .replace("checkpoint/core-1.img", evilCore(evil))
    .add(evil.replaceAll("\0", "").slice(0, 90), "x")
    .add("link", { type: "2", linkName: evil.replaceAll("\0", "").slice(0, 60) })
    .add("odd", { body: "x", pax: [["path", `a/../${evil}`]] })
    .write();
}

/** A task whose name is hostile; the kernel would allow 15 bytes of it. */
function evilCore(evil: string): Buffer {
  const tc = {
    task_state: 1,
    exit_code: 0,
    personality: 0,
    flags: 0,
    blk_sigset: 0n,
    comm: evil,
  };
  return image("CORE", entry("core_entry", { mtype: 1, tc }));
}
