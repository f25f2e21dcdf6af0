import type { MemberForm } from "../state/member-rows.ts";
import type { Act } from "../state/screen.ts";
import type { HexArgument } from "./hex/argument.ts";
import type { ImageArgument } from "./image/argument.ts";
import type { PreviewArgument } from "./preview/argument.ts";

/** A member that somebody wants to look into. */
export interface Looked {
  /** The archive. */
  path: string;
  member: string;
  form: MemberForm;
}

const push = (kind: string, argument: unknown): Act => ({
  act: "push",
  screen: { kind, argument },
});

/** Opens a member as what it is. */
export function look({ path, member, form }: Looked): Act {
  switch (form) {
    case "image":
    case "document":
      return push("image", { path, member } satisfies ImageArgument);
    case "archive":
      return push("members", { path, member });
    case "bytes":
      return push("hex", { path, member } satisfies HexArgument);
    case "content":
      return push("preview", { path, member } satisfies PreviewArgument);
    case "nothing":
      return nothing;
  }
}

const nothing: Act = { act: "flash", level: "info", text: "it has no content to look into" };

/** What `as-bytes`, `as-text` and `save` do with a member; undefined for other commands. */
export function memberAct({ path, member, form }: Looked, command: string): Act | undefined {
  if (!["as-bytes", "as-text", "save"].includes(command)) return undefined;
  if (form === "nothing") return nothing;
  if (command === "as-bytes") return push("hex", { path, member } satisfies HexArgument);
  if (command === "as-text") {
    return push("preview", { path, member, asText: true } satisfies PreviewArgument);
  }
  return saveMember(path, member);
}

/** Saves a member as it is. */
export function saveMember(archive: string, member: string): Act {
  const base = member.split(/[/!]/).at(-1) ?? "";
  // One step of a path, whatever the archive says.
  const name = base.replace(/[^\w.-]+/g, "_");
  return {
    act: "save",
    name: /^\.*$/.test(name) ? "member" : name,
    content: { from: "member", archive, member },
  };
}
