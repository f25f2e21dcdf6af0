import { formatBytes } from "../../../../base/units.ts";
import type { Answer, Failure } from "../../../state/questions.ts";
import type { RestorePreview, RestoreWrite } from "../../../state/restore.ts";
import type { Act, Step, World } from "../../../state/screen.ts";
import { wrapText } from "../../../view/fields.ts";
import type { RestoreState, Work } from "./state.ts";

type S = RestoreState;
type What = RestoreWrite["what"];

export const workSlot = "work";
export const agreed = "restore-write";
export const givenUp = "restore-stop";

const prompts = {
  image: "restore-image",
  manifest: "restore-manifest",
  bundle: "restore-bundle",
  rootfs: "restore-rootfs",
} as const;

/** Commands that write, and what. */
export const writes: Readonly<Record<string, What>> = {
  "write-image": "image",
  "write-manifest": "manifest",
  "write-bundle": "bundle",
};

/** Asks where it is to be written; of a bundle, first for its root file system. */
export function beginWork(state: S, what: What, { readonly }: World): Step<S> {
  if (readonly) return { state, acts: [flash("--readonly writes nothing")] };
  if (state.work?.stage === "writing") {
    return { state, acts: [flash("something is being written: Esc gives it up")] };
  }
  const typing: S = { ...state, work: { stage: "typing", what, rootfs: "" } };
  return what === "bundle"
    ? { state: typing, acts: [prompt("rootfs", "base image (DIR, oci:DIR, docker-archive:FILE) ")] }
    : { state: typing, acts: [destination(state, what)] };
}

function flash(text: string): Act {
  return { act: "flash", level: "error", text };
}

function prompt(name: keyof typeof prompts, label: string, text = ""): Act {
  return { act: "prompt", prompt: prompts[name], label, text };
}

function destination(state: S, what: What): Act {
  // Neither image tools nor CRIU's configuration take every sign in a path.
  const file = state.path.split("/").at(-1) ?? "";
  const stem = file.replace(/\.tar(\.\w+)?$/, "").replace(/[^A-Za-z0-9._]+/g, "-") || "checkpoint";
  const labels = {
    image: ["image to ", `oci-archive:${stem}.oci.tar`],
    manifest: ["pod to ", `${stem}.yaml`],
    bundle: ["bundle in new folder ", `${stem}.bundle`],
  } as const;
  const [label, text] = labels[what];
  return prompt(what, label, text);
}

/** A prompt of ours was entered (text) or given up (null); undefined where it is not ours. */
export function workPrompted(state: S, name: string, text: string | null): Step<S> | undefined {
  if (!(Object.values(prompts) as string[]).includes(name)) return undefined;
  const { work } = state;
  if (work?.stage !== "typing") return { state };
  const typed = text?.trim() ?? "";
  if (typed === "") return { state: { ...state, work: undefined } };
  if (name === prompts.rootfs) {
    const next: S = { ...state, work: { ...work, rootfs: typed } };
    return { state: next, acts: [destination(state, "bundle")] };
  }
  const write = writeOf(state, work, typed);
  return {
    state: { ...state, work: { stage: "looking", write } },
    acts: [
      { act: "ask", slot: workSlot, question: { of: "restorePreview", path: state.path, write } },
    ],
  };
}

function writeOf(
  { plan }: S,
  { what, rootfs }: Extract<Work, { stage: "typing" }>,
  to: string,
): RestoreWrite {
  if (what === "image") return { what, to };
  if (what === "bundle") return { what, to, rootfs };
  const node = plan?.target?.source === "api" ? plan.target.name : null;
  return { what, to, node, runtime: plan?.runtime ?? null };
}

/** Takes in what a write would do, how far it is, or that it is done. */
export function workAnswered(state: S, answer: Answer, world: World): Step<S> | undefined {
  if (answer.of === "restorePreview") {
    const preview = answer.value;
    return {
      state: { ...state, work: { stage: "asked", preview } },
      acts: [confirm(preview, world)],
    };
  }
  if (answer.of !== "restoreWrite") return undefined;
  const { value } = answer;
  if (value.state === "made") {
    const text = `wrote ${value.made.place}`;
    return {
      state: { ...state, work: { stage: "made", made: value.made } },
      acts: [{ act: "flash", level: "info", text }],
    };
  }
  const { done, total } = value;
  if (state.work?.stage !== "writing") return { state };
  return { state: { ...state, work: { ...state.work, done, total } } };
}

const things: Readonly<Record<What, string>> = {
  image: "an image",
  manifest: "a pod",
  bundle: "a bundle",
};

function confirm({ write, place, bytes, notes }: RestorePreview, { body }: World): Act {
  // A dialog's border and margins.
  const columns = Math.max(8, Math.min(70, body.columns - 8));
  const leaves =
    write.what === "manifest"
      ? `${formatBytes(bytes)}: names, mounts and rights, and no memory.`
      : `${formatBytes(bytes)}: memory, secrets and all, leaves the archive.`;
  const own =
    write.what === "bundle"
      ? "It is new, and only its owner can enter it (0700)."
      : "It is new, and only its owner can read it (0600).";
  return {
    act: "confirm",
    what: agreed,
    title: `Write ${things[write.what]}`,
    lines: [place, leaves, ...notes, own].flatMap((text, at) =>
      at === 0 ? [text] : wrapText(text, columns),
    ),
    yes: "write",
  };
}

/** Writes what was agreed to. */
export function startWork(state: S, world: World): Step<S> {
  const { work, path } = state;
  if (work?.stage !== "asked" || world.readonly) return { state };
  const { preview } = work;
  const question = { of: "restoreWrite", path, write: preview.write } as const;
  return {
    state: { ...state, work: { stage: "writing", preview, done: 0, total: null } },
    acts: [{ act: "ask", slot: workSlot, question }],
  };
}

export function workFailed(state: S, failure: Failure): Step<S> {
  const { work } = state;
  if (work?.stage === "looking") {
    return { state: { ...state, work: { stage: "failed", write: work.write, failure } } };
  }
  if (work?.stage !== "writing") return { state };
  return {
    state: { ...state, work: { stage: "failed", write: work.preview.write, failure } },
  };
}

/** What ends with the write, where one is under way. */
export function stopping({ work }: S): string[] | undefined {
  if (work?.stage !== "writing") return undefined;
  return [work.preview.place, "It is not whole yet. Nothing of it will be left."];
}

/** Ends the write; what it made so far goes. */
export function stopWork(state: S): Step<S> {
  if (state.work?.stage !== "writing") return { state };
  return {
    state: { ...state, work: undefined },
    acts: [
      { act: "drop", slot: workSlot },
      { act: "flash", level: "info", text: "given up; nothing of it is left" },
    ],
  };
}

/** All that is known of what was written last, or why it was not. */
export function workText({ work }: S): Act {
  if (work?.stage === "made") {
    const { made } = work;
    const head = [made.place, ...(made.digest === null ? [] : [made.digest]), ""];
    const lines = [...head, ...made.text.trimEnd().split("\n")];
    return { act: "push", screen: { kind: "text", argument: { title: made.what, lines } } };
  }
  if (work?.stage === "failed") {
    const { message, next, notes = [] } = work.failure;
    const lines = [`✗ ${message}`, ...(next === null ? [] : ["", `→ ${next}`]), ...notes];
    return { act: "push", screen: { kind: "text", argument: { title: "not written", lines } } };
  }
  return { act: "flash", level: "info", text: "nothing was written yet: i, m and b write" };
}
