import type { Problem } from "../../base/problem.ts";
import type { Inspection } from "../../checkpoint/inspection.ts";
import type { MountItem } from "../../checkpoint/mount-list.ts";
import type { ProcessDocument } from "../../checkpoint/process-document.ts";
import type { ProcessRow } from "../../checkpoint/process-list.ts";
import type { Summary } from "../../checkpoint/summary.ts";
import type { MappingRow } from "../../memory/mapping-list.ts";
import type { NodeDocument } from "../../node/document.ts";
import type {
  DiffPart,
  FindingFacts,
  FindingRow,
  HuntPart,
  SecretFacts,
  SecretRow,
} from "./audit-rows.ts";
import type {
  ByteSpace,
  RawBytes,
  SearchPart,
  SearchPattern,
  SpaceBytes,
  SpaceLayout,
} from "./byte-space.ts";
import type {
  CheckpointCall,
  Checks,
  ContextNames,
  NodesPart,
  PodChoice,
  WantedCheckpoint,
} from "./cluster.ts";
import type { TreeBelow, TreeFound, TreeJson, TreeNodes, TreeShape } from "./document-tree.ts";
import type { InnerRow, LogRow, MemberRow, RootfsRow, TextPreview } from "./member-rows.ts";
import type {
  ListedPlan,
  RestorePreview,
  RestoreTarget,
  RestoreWrite,
  RestoreWriting,
} from "./restore.ts";
import type { FileFacts, FileRow, SocketFacts, SocketRow, VariableRow } from "./rows.ts";

/** A directory of archives, as it is read again and again. */
export interface Listing {
  /** Archives in the order of their names. */
  items: Summary[];
  /** Bytes of all archives, and of the file system that holds them. */
  usedBytes: number;
  freeBytes: number | null;
  totalBytes: number | null;
}

/** Rows of a long answer, part by part: no part is so long that taking it in holds up a frame. */
export interface RowsPart<Row> {
  /** Place of the first row in the whole answer; 0 begins it. */
  at: number;
  rows: Row[];
  /** Problems of the archive so far; with the last part alone. */
  problems: Problem[];
}

/** Mappings of one process. */
export interface MappingsPart extends RowsPart<MappingRow> {
  /** Every process that has memory. */
  processes: { pid: number; comm: string | null }[];
  /** The process whose mappings these are; null where none has memory. */
  pid: number | null;
}

/** A member that is shown as a tree. */
interface TreeOf {
  path: string;
  member: string;
  reveal: boolean;
}

/**
 * Everything that a screen may ask of the world: the question's parts, and the answer's type. Each
 * is answered by a function of the same name in `effects`. Answers must be data that can cross
 * between threads: no functions, no classes of ours.
 */
export interface Questions {
  /** Archives in a folder, or one archive. Comes in parts while archives are read. */
  listing: { ask: { path: string }; answer: Listing };
  /** What one archive is, as `inspect` says it. */
  inspection: { ask: { path: string; reveal: boolean }; answer: Inspection };
  /** What became of the file of an open archive. */
  onDisk: { ask: { path: string }; answer: OnDisk };
  /** The same; and the next question opens it anew, unless it is gone. */
  reopen: { ask: { path: string }; answer: OnDisk };
  /** All processes, parents before their children. Comes in parts. */
  processes: { ask: { path: string; reveal: boolean }; answer: RowsPart<ProcessRow> };
  /** One process in full. */
  process: { ask: { path: string; pid: number; reveal: boolean }; answer: ProcessDocument };
  /** What a process was started with. */
  environment: {
    ask: { path: string; pid: number; reveal: boolean };
    answer: RowsPart<VariableRow>;
  };
  /** Descriptors of all processes, or of one, and what else they have open. Comes in parts. */
  files: { ask: { path: string; pid: number | null }; answer: RowsPart<FileRow> };
  /** One open file in full; what waits in its queues only where secrets are shown. */
  file: { ask: { path: string; kind: string; id: number; reveal: boolean }; answer: FileFacts };
  /** All sockets. Comes in parts. */
  sockets: { ask: { path: string }; answer: RowsPart<SocketRow> };
  /** One socket in full, with the open file that it is. */
  socket: { ask: { path: string; kind: string; id: number; reveal: boolean }; answer: SocketFacts };
  /** All mounts, each namespace as a tree. Comes in parts. */
  mounts: { ask: { path: string; reveal: boolean }; answer: RowsPart<MountItem> };
  /** Mappings of a process, or of the first that has some. Comes in parts. */
  mappings: { ask: { path: string; pid: number | null }; answer: MappingsPart };
  /** Every member of the archive. Comes in parts. */
  images: { ask: { path: string }; answer: RowsPart<MemberRow> };
  /** Members of an archive inside the archive. Comes in parts. */
  members: { ask: { path: string; member: string }; answer: RowsPart<InnerRow> };
  /** The beginning of a member as text, where it is text or is to be shown as such. */
  preview: {
    ask: { path: string; member: string; reveal: boolean; asText: boolean };
    answer: TextPreview;
  };
  /** An image or a document as a tree. Comes in parts while its entries are counted. */
  tree: { ask: TreeOf; answer: TreeShape };
  /** Children of one of its nodes, from a place on. */
  treeNodes: {
    ask: TreeOf & { parent: readonly number[]; from: number; count: number };
    answer: TreeNodes;
  };
  /** Nodes that a filter finds. Each part tells what was found since the one before. */
  treeFind: { ask: TreeOf & { text: string }; answer: TreeFound };
  /** The branches below a node. */
  treeBelow: { ask: TreeOf & { node: readonly number[] }; answer: TreeBelow };
  /** A node as JSON, at most so many characters. */
  treeJson: { ask: TreeOf & { node: readonly number[]; most: number }; answer: TreeJson };
  /** Changed and deleted files, and those of volumes, as trees. Comes in parts. */
  rootfs: { ask: { path: string }; answer: RowsPart<RootfsRow> };
  /** Lines of all logs. Comes in parts. */
  logs: { ask: { path: string; reveal: boolean }; answer: RowsPart<LogRow> };
  /** What the rules of an audit find; in memory too, where that is asked for. */
  audit: {
    ask: { path: string; memory: boolean; reveal: boolean; now: number };
    answer: HuntPart<FindingRow>;
  };
  /** One finding of such an audit. */
  finding: {
    ask: { path: string; fingerprint: string; memory: boolean; reveal: boolean; now: number };
    answer: FindingFacts;
  };
  /** Secrets everywhere but in memory; in memory too, where that is asked for. */
  secrets: {
    ask: { path: string; memory: boolean; reveal: boolean };
    answer: HuntPart<SecretRow>;
  };
  /** One secret of such a search. */
  secret: {
    ask: { path: string; fingerprint: string; memory: boolean; reveal: boolean };
    answer: SecretFacts;
  };
  /** What differs between two checkpoints; the bytes of pages too, where that is asked for. */
  diff: {
    ask: { before: string; after: string; pages: boolean; reveal: boolean; now: number };
    answer: DiffPart;
  };
  /** What a byte space is made of. */
  space: { ask: { path: string; space: ByteSpace }; answer: SpaceLayout };
  /** A part of one region of a space, for rows of `width` bytes: [from, to) and what it is folded with. */
  bytes: {
    ask: { path: string; space: ByteSpace; from: bigint; to: bigint; width: number };
    answer: SpaceBytes;
  };
  /** Bytes [from, to) of a space as they are, to be copied. */
  rawBytes: { ask: { path: string; space: ByteSpace; from: bigint; to: bigint }; answer: RawBytes };
  /** Where something is in a space. Each part tells what was found since the one before. */
  find: {
    ask: { path: string; space: ByteSpace; pattern: SearchPattern };
    answer: SearchPart;
  };
  /**
   * Writes a new private file; refuses what is there already. Answers with its bytes, and how many
   * of them nobody knows: they are zero.
   */
  save: { ask: { path: string; content: SaveContent }; answer: { bytes: number; unknown: number } };
  /** Contexts of the kubeconfig. */
  contexts: { ask: Record<never, never>; answer: ContextNames };
  /** Namespaces of a cluster, as far as they may be listed. */
  namespaces: { ask: { context: string }; answer: string[] };
  /** Pods of a namespace, with their containers. */
  pods: { ask: { context: string; namespace: string }; answer: PodChoice[] };
  /** Where a checkpoint call would go, and what is against it. Nothing is checkpointed. */
  checks: { ask: WantedCheckpoint; answer: Checks };
  /** Makes a checkpoint. Parts tell what is waited for; who drops it leaves the kubelet's call. */
  makeCheckpoint: { ask: WantedCheckpoint; answer: CheckpointCall };
  /** This host where it is a node, and the nodes of a cluster. Comes in parts. */
  nodes: { ask: { context: string | null }; answer: NodesPart };
  /** What one node says of itself: this host (null), or a node by its name. */
  node: { ask: { context: string | null; name: string | null }; answer: NodeDocument };
  /** Will an archive come back at a place? */
  restorePlan: { ask: { path: string; target: RestoreTarget; now: number }; answer: ListedPlan };
  /** What a write of an image, a pod or a bundle would do; refused where it would be. */
  restorePreview: { ask: { path: string; write: RestoreWrite }; answer: RestorePreview };
  /** Writes it, and never over what is there. Parts tell how far it is; who drops it ends it. */
  restoreWrite: { ask: { path: string; write: RestoreWrite }; answer: RestoreWriting };
  /** Owner and mode of an archive put right. */
  secure: { ask: { path: string }; answer: { path: string; changed: boolean } };
}

/** The file of an open archive: as it was opened, another by now, or no more there. */
export type OnDisk = "same" | "changed" | "gone";

/** What a save writes. Bytes of an archive are read where they are written, never by the UI. */
export type SaveContent =
  | { from: "text"; text: string }
  /** Bytes [start, end) of a space; what the dump does not hold is a hole. */
  | { from: "bytes"; archive: string; space: ByteSpace; start: bigint; end: bigint }
  /** A whole member of the archive, or of one inside it (`OUTER!INNER`). */
  | { from: "member"; archive: string; member: string }
  /** A node of a member's tree as JSON, secrets and all; the whole where `node` is empty. */
  | { from: "tree"; archive: string; member: string; node: readonly number[] }
  /** What CRIU kept of a deleted file, its holes as holes. */
  | { from: "deleted"; archive: string; ghostId: number };

export type QuestionName = keyof Questions;

/** A question as data. */
export type Question = {
  [Name in QuestionName]: { of: Name } & Questions[Name]["ask"];
}[QuestionName];

/** An answer as data, told apart by the name of its question. */
export type Answer = {
  [Name in QuestionName]: { of: Name; value: Questions[Name]["answer"] };
}[QuestionName];

/** Why a question has no answer; a `Fault` as data. */
export interface Failure {
  kind: string;
  message: string;
  /** The next thing to do, where there is one. */
  next: string | null;
  code: string | null;
  /** What else is good to know: a line each. */
  notes?: readonly string[];
  /** YAML that mends it once it is applied. */
  manifest?: string;
}
