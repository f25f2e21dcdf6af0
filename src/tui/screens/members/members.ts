import { formatBytes } from "../../../base/units.ts";
import { memberKeys } from "../../keys/images.ts";
import { type ListModel, rowAt } from "../../state/list.ts";
import type { InnerRow } from "../../state/member-rows.ts";
import type { Screen } from "../../state/screen.ts";
import { line, type Span, span } from "../../view/line.ts";
import { type ListTabState, listTab, plainRows } from "../list-tab.ts";
import { look, memberAct } from "../look.ts";

/** An archive inside the archive. */
interface MembersArgument {
  path: string;
  member: string;
}

function name({ name: text, linkName, form }: InnerRow): Span[] {
  if (linkName !== undefined) return [{ text }, span(` → ${linkName}`, "dim")];
  return [form === "nothing" ? span(text, "dim") : { text }];
}

const model: ListModel<InnerRow> = {
  id: (row) => row.name,
  text: ({ name: text, type, linkName }) => `${text} ${type} ${linkName ?? ""}`,
  columns: [
    { title: "MODE", cell: ({ mode }) => mode },
    { title: "OWNER", cell: ({ uid, gid }) => `${uid}:${gid}`, drop: 2 },
    { title: "TYPE", cell: ({ type }) => type, drop: 1, sort: { key: "T", by: (row) => row.type } },
    {
      title: "SIZE",
      align: "right",
      cell: ({ sizeBytes }) => formatBytes(sizeBytes),
      sort: { key: "Z", by: ({ sizeBytes }) => -sizeBytes },
    },
    {
      title: "NAME",
      cell: name,
      flexible: true,
      least: 28,
      path: true,
      sort: { key: "A", by: (row) => row.name },
    },
  ],
};

const base = listTab<InnerRow, InnerRow, MembersArgument>({
  name: "members",
  title: "Members",
  list: model,
  question: ({ path, member }) => ({ of: "members", path, member }),
  items: (answer) => (answer.of === "members" ? answer.value : undefined),
  rows: plainRows,
  tree: false,
  empty: "the archive is empty",
  open: ({ member, form }, { path }) => [look({ path, member, form })],
});

type State = ListTabState<InnerRow, InnerRow, MembersArgument>;

/** Members of an archive inside the archive. */
export const membersScreen: Screen<State, MembersArgument> = {
  open: base.open,
  update: (state, event, world) => {
    const { listed, argument } = state;
    if (event.type === "command") {
      const row = rowAt(listed.rows, model, listed.list);
      const act = row && memberAct({ path: argument.path, ...row }, event.command);
      if (act !== undefined) return { state, acts: [act] };
    }
    return base.update(state, event, world);
  },
  view: (state, world) => ({
    ...base.view(state, world),
    title: line(span(state.argument.member, "strong"), span("   an archive inside it", "dim")),
  }),
  scopes: (state) => [memberKeys, ...base.scopes(state)],
  crumb: ({ argument }) => argument.member.split("/").at(-1) ?? "",
};
