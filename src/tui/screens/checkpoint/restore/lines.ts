import { formatBytes } from "../../../../base/units.ts";
import type { Answer } from "../../../../node/verdicts/row.ts";
import type { NeedRow, RestoreTarget } from "../../../state/restore.ts";
import type { World } from "../../../state/screen.ts";
import { bar, percent } from "../../../view/bar.ts";
import {
  type Line,
  line,
  type Role,
  type Span,
  span,
  spread,
  textWidth,
  truncateMiddle,
} from "../../../view/line.ts";
import { wrapped } from "../../wrapped.ts";
import type { RestoreState, Work } from "./state.ts";

const answers: Readonly<Record<Answer, readonly [string, Role]>> = {
  yes: ["✓ yes, as far as can be told", "good"],
  no: ["✗ no", "danger"],
  unknown: ["? not yet", "warning"],
};

/** What is compared, in words: before anything is known of it, as it was chosen. */
function placeWord(target: RestoreTarget): string {
  switch (target.kind) {
    case "none":
      return "any place";
    case "host":
      return "this host";
    case "node":
      return target.name;
    case "file":
      return target.text;
  }
}

/** The answer, where and by what, and how many rows say what. */
export function headLine({ plan, target, listed, waiting }: RestoreState, world: World): Line {
  const name = plan?.target?.name;
  const place =
    target.kind === "host" && typeof name === "string" ? `this host (${name})` : placeWord(target);
  if (plan === undefined) {
    return line("   ", span(waiting ? `comparing with ${place}…` : place, "dim"));
  }
  const [word, role] = answers[plan.answer];
  const by = plan.runtime === null ? "" : ` by ${plan.runtime}`;
  const chooses = target.kind === "none" ? [span("   t", "accent"), span(" names one", "dim")] : [];
  const left: Span[] = [
    { text: "   " },
    span(word, role),
    span(`   ${target.kind === "none" ? "for" : "on"} ${place}${by}`, "dim"),
    ...chooses,
  ];
  return spread(left, counts(listed.rows), world.body.columns);
}

function counts(rows: readonly NeedRow[]): Span[] {
  const count = (verdict: Answer, required?: boolean): number =>
    rows.filter((row) => row.verdict === verdict && row.required === (required ?? row.required))
      .length;
  const all: [number, string, Role][] = [
    [count("no", true), "✗", "danger"],
    [count("no", false), "!", "warning"],
    [count("unknown"), "?", "warning"],
    [count("yes"), "✓", "good"],
  ];
  return all
    .filter(([number]) => number > 0)
    .map(([number, sign, role]) => span(`${sign} ${number}  `, role));
}

const barColumns = 16;
/** Lines of a failure that are shown above the list; `w` shows all. */
const mostLines = 4;

/** What is being written, was written, or could not be. */
export function workLines({ work }: RestoreState, { body }: World): Line[] {
  switch (work?.stage) {
    case "looking":
      return [line("   ", span(`looking whether ${work.write.to} can be written…`, "dim"))];
    case "writing":
      return [progressLine(work)];
    case "made": {
      const { what, place, bytes, digest } = work.made;
      const head = `✓ ${what}`;
      const size = formatBytes(bytes);
      const room = body.columns - textWidth(head) - textWidth(size) - 10;
      const written = line(
        "   ",
        span(head, "good"),
        `   ${truncateMiddle(place, room)}`,
        span(`   ${size}`, "dim"),
      );
      if (digest === null) return [written];
      return [written, line("     ", span(truncateMiddle(digest, body.columns - 6), "dim"))];
    }
    case "failed": {
      const { message, next } = work.failure;
      const lines = [
        ...wrapped(`✗ not written: ${message}`, body.columns, "danger", 3),
        ...(next === null ? [] : wrapped(`→ ${next}`, body.columns, "plain", 3)),
      ];
      return lines.length <= mostLines
        ? lines
        : [...lines.slice(0, mostLines - 1), line("     ", span("… w shows all of it", "dim"))];
    }
    default:
      return [];
  }
}

function progressLine({ preview, done, total }: Extract<Work, { stage: "writing" }>): Line {
  const name = span(`   Esc gives up   ${preview.place}`, "dim");
  if (total === null || total === 0) {
    return line("   ", span(`writing ${formatBytes(done)}`, "accent"), name);
  }
  const share = done / total;
  return line(
    "   ",
    span(`${bar(share, barColumns)} `, "accent"),
    span(`${percent(share)} of ${formatBytes(total)}`, "dim"),
    name,
  );
}
