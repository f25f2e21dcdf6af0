import type { TarMember } from "../../archive/member.ts";
import type { ImageRow, NestedRow } from "../../checkpoint/image-list.ts";
import type { LineRole } from "../../diagnose/log/explanation.ts";

/**
 * What a member is looked into as: a tree of a CRIU image or of a JSON document, a list of an
 * archive's members, or its content as text, where it is text. `nothing` has no content.
 */
export type MemberForm = "image" | "document" | "archive" | "bytes" | "content" | "nothing";

/** A member of an archive. `member` is the name that it is opened by. */
export interface MemberRow extends Omit<ImageRow, "members"> {
  member: string;
  form: MemberForm;
}

/** A member of an archive inside the archive. */
export interface InnerRow extends NestedRow {
  /** `OUTER!INNER`. */
  member: string;
  form: MemberForm;
}

/**
 * What became of a path: of the root file system, changed or deleted; of a volume, saved. `folder`
 * is only on the way to others.
 */
type RootfsState = "root" | "changed" | "deleted" | "saved" | "folder" | "note";

/** A line of the tree of changed files, parents before their children. Not sanitised. */
export interface RootfsRow {
  id: string;
  depth: number;
  /** The last step of its path; the title of a root; the text of a note. */
  name: string;
  /** Path in the container; empty for roots and notes. */
  path: string;
  state: RootfsState;
  /** Null for what was deleted. */
  type: TarMember["type"] | null;
  /** Bytes of a file, or of all files below. */
  sizeBytes: number;
  mode: string;
  /** User and group: `0:0`. */
  owner: string;
  linkName: string;
  /** What it is opened by; null where the archive has no content of it. */
  member: string | null;
}

/** How a line of a log is marked: by CRIU's own words, and by the stream for a container. */
export type LogMark = "error" | "warning" | "stderr" | null;

/** A line of a log, or the heading above its lines. Not sanitised. */
export interface LogRow {
  id: string;
  /** Name of the member that is the log. */
  log: string;
  heading: boolean;
  /** As it stands in the log; for CRI 2026-11-21T21:20:01.929077047+00:00, for CRIU 00.001255. */
  time: string;
  stream: string;
  text: string;
  mark: LogMark;
  /** What a line of CRIU's is to the whole, where it is an error. */
  role: LineRole | null;
  /** We say it of the error below. */
  advice: "cause" | "remedy" | "see" | null;
}

/** The beginning of a member as text. */
export interface TextPreview {
  /** Null where it is not UTF-8, or holds bytes that no text has. */
  text: string | null;
  sizeBytes: number;
  /** Bytes that were read. */
  readBytes: number;
}
