import { canonicalName, type TarMember } from "../../archive/member.ts";
import { UsageError } from "../../base/errors.ts";
import { ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import { listImages } from "../../checkpoint/image-list.ts";
import type { InnerRow, MemberForm, MemberRow } from "../state/member-rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";

/** Metadata that is JSON, besides what is called `*.dump`. */
const documents = new Set(["status", "network.status", "bind.mounts", "deleted.files"]);

export const answerImages: Handler<"images"> = async ({ path }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const { items, problems } = await listImages(checkpoint);
  const rows = items.map((item): MemberRow => {
    const member = canonicalName(item.name);
    return { ...item, member, form: memberForm(checkpoint, member) };
  });
  return inParts(rows, problems, call);
};

/** How a member is looked into, told from its name; what it holds is seen when it is opened. */
export function memberForm(checkpoint: Checkpoint, name: string): MemberForm {
  const member = checkpoint.archive.find(name);
  if (member?.type !== "file" && member?.type !== "hardlink") return "nothing";
  const { kind, image, nested } = describeContent(member);
  if (nested) return "archive";
  if (image?.framed === true) return "image";
  if (kind === "pages") return "bytes";
  const isDocument =
    /^[^/]+\.dump$/.test(name) || documents.has(name) || name.endsWith("/descriptors.json");
  return isDocument ? "document" : "content";
}

export const answerMembers: Handler<"members"> = async ({ path, member }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const found = checkpoint.archive.find(member);
  if (found === undefined) throw new UsageError({ what: `the archive has no member ${member}` });
  const archive = await checkpoint.nested(found);
  try {
    const problems = new ProblemLog();
    for (const problem of archive.problems) {
      // Links that point anywhere are how root file systems are made.
      if (problem.code === "unsafe-link" || problem.code === "device-member") continue;
      problems.add(problem);
    }
    const rows = archive.members.map((inner) => innerRow(member, inner));
    return await inParts(rows, problems.list(), call);
  } finally {
    await archive.close();
  }
};

function innerRow(outer: string, member: TarMember): InnerRow {
  const { name, type, size, mode, uid, gid, linkName } = member;
  const isFile = type === "file" || type === "hardlink";
  return {
    name,
    type,
    sizeBytes: size,
    mode: mode.toString(8).padStart(4, "0"),
    uid,
    gid,
    ...(linkName === undefined ? {} : { linkName }),
    member: `${outer}!${canonicalName(name)}`,
    form: isFile ? "content" : "nothing",
  };
}
