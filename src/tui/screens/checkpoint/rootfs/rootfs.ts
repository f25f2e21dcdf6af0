import { rootfsKeys } from "../../../keys/images.ts";
import { rowAt } from "../../../state/list.ts";
import type { RootfsRow } from "../../../state/member-rows.ts";
import type { Act } from "../../../state/screen.ts";
import { type ListTabState, listTab } from "../../list-tab.ts";
import { type Looked, look, memberAct } from "../../look.ts";
import type { Tab, TabArgument } from "../../tab.ts";
import { type RootfsBranch, rootfsModel, rootfsRows } from "./model.ts";

type State = ListTabState<RootfsRow, RootfsBranch, TabArgument>;

const base = listTab<RootfsRow, RootfsBranch, TabArgument>({
  name: "rootfs",
  title: "Rootfs",
  list: rootfsModel,
  question: ({ path }) => ({ of: "rootfs", path }),
  items: (answer) => (answer.of === "rootfs" ? answer.value : undefined),
  rows: rootfsRows,
  tree: true,
  empty: "nothing was changed",
});

const flash = (text: string): Act => ({ act: "flash", level: "info", text });

/** Why a row has no content. */
function without({ state, type, linkName }: RootfsRow): Act {
  if (state === "deleted") return flash("it was deleted: the archive does not hold it");
  if (linkName !== "") return flash(`it is a ${type} to ${linkName}`);
  return flash(type !== null && type !== "directory" ? `it is a ${type}` : "it is a folder");
}

function acted(row: RootfsRow, path: string, command: string): Act | undefined {
  if (!["open", "as-bytes", "save"].includes(command)) return undefined;
  if (row.member === null) return without(row);
  const looked: Looked = { path, member: row.member, form: "content" };
  return command === "open" ? look(looked) : memberAct(looked, command);
}

const isFolder = ({ type, state }: RootfsRow): boolean =>
  type === "directory" && state !== "deleted";

/** Changed and deleted files, and what volumes hold, as trees. */
export const rootfsTab: Tab<State> = {
  ...base,
  count: ({ items, whole }) =>
    whole
      ? items.filter(({ state }) => state === "changed" || state === "deleted").length
      : undefined,
  update: (state, event, world) => {
    const { listed, argument } = state;
    if (event.type === "command") {
      const row = rowAt(listed.rows, rootfsModel, listed.list)?.item;
      if (event.command === "open" && row !== undefined && isFolder(row)) {
        return base.update(state, { type: "command", command: "fold" }, world);
      }
      const act = row && acted(row, argument.path, event.command);
      if (act !== undefined) return { state, acts: [act] };
    }
    return base.update(state, event, world);
  },
  scopes: (state) => [rootfsKeys, ...base.scopes(state)],
};
