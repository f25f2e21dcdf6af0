import { canonicalName, type TarMember } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import { formatCount } from "../../base/units.ts";
import type { ChangedFile } from "../../checkpoint/rootfs.ts";
import type { RootfsRow } from "../state/member-rows.ts";

/** A path deeper than this ends in a name with slashes in it: nobody looks that deep. */
const deepest = 64;
/** Files and folders of one tree. A rootfs with node_modules has some 100,000. */
const mostNodes = 500_000;

interface Node {
  row: RootfsRow;
  children: Map<string, Node>;
}

/** Paths put together to a tree: folders are made as they are met. */
export class RootfsTree {
  readonly #root: Node;
  readonly #id: string;
  readonly #notes: string[] = [];
  #count = 0;
  #left = 0;

  /** @param id tells this tree's rows from those of others. */
  constructor(title: string, id: string) {
    this.#id = id;
    this.#root = this.#node(title, "", 0, "root");
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** Notes why the rest is not there; throws what is no fault of the archive. */
  failed(error: unknown): void {
    if (!(error instanceof ArchiveError)) throw error;
    this.note(`cannot be listed: ${error.message}`);
  }

  addMember(member: TarMember, outer: string): void {
    const name = canonicalName(member.name);
    const { type, size: sizeBytes, uid, gid, linkName } = member;
    const mode = member.mode.toString(8).padStart(4, "0");
    const file = { path: `/${name}`, type, sizeBytes, mode };
    const link = linkName === undefined ? {} : { linkName };
    const row = this.add({ ...file, ...link }, `${outer}!${name}`);
    if (row !== undefined) Object.assign(row, { state: "saved", owner: `${uid}:${gid}` });
  }

  /** @param member what the file is opened by. */
  add(file: ChangedFile, member: string): RootfsRow | undefined {
    const { path, type, sizeBytes, mode, linkName = "" } = file;
    const node = this.#at(path);
    if (node === undefined || node === this.#root) return undefined;
    const isFile = type === "file" || type === "hardlink";
    // Of a name that comes twice, the later one is what is unpacked.
    Object.assign(node.row, { state: "changed", type, sizeBytes, mode, linkName });
    node.row.member = isFile ? member : null;
    return node.row;
  }

  remove(path: string): void {
    const node = this.#at(path);
    if (node === undefined || node === this.#root) return;
    // What was deleted and made anew is there.
    if (node.row.state !== "folder") return;
    node.row.state = "deleted";
    if (node.children.size === 0) node.row.type = null;
  }

  /** All rows, each before what is below it; folders carry the bytes below them. */
  rows(): RootfsRow[] {
    const rows: RootfsRow[] = [];
    if (this.#left > 0) this.note(`${formatCount(this.#left)} further paths are not shown`);
    const walk = (node: Node): number => {
      rows.push(node.row);
      if (node === this.#root) rows.push(...this.#notes.map((text, at) => this.#note(text, at)));
      let below = 0;
      for (const child of node.children.values()) below += walk(child);
      if (node.children.size > 0) node.row.sizeBytes += below;
      return node.row.sizeBytes;
    };
    walk(this.#root);
    return rows;
  }

  /** The node of a path; undefined where there are too many. */
  #at(path: string): Node | undefined {
    const steps = path.split("/", deepest + 2).filter((step) => step !== "");
    let node = this.#root;
    let at = "";
    for (const [depth, step] of steps.entries()) {
      const last = depth === deepest - 1;
      const name = last ? path.slice(at.length + 1) : step;
      at = `${at}/${name}`;
      let child = node.children.get(name);
      if (child === undefined) {
        if (this.#count >= mostNodes) {
          this.#left += 1;
          return undefined;
        }
        child = this.#node(name, at, depth + 1, "folder");
        node.children.set(name, child);
      }
      node = child;
      if (last) break;
    }
    return node;
  }

  #node(name: string, path: string, depth: number, state: RootfsRow["state"]): Node {
    this.#count += 1;
    const type = state === "note" ? null : "directory";
    const row: RootfsRow = {
      id: `${this.#id}${path}`,
      depth,
      name,
      path,
      state,
      type,
      sizeBytes: 0,
      mode: "",
      owner: "",
      linkName: "",
      member: null,
    };
    return { row, children: new Map() };
  }

  #note(text: string, at: number): RootfsRow {
    const { row } = this.#node(text, "", 1, "note");
    return { ...row, id: `${this.#id} note ${at}` };
  }
}
