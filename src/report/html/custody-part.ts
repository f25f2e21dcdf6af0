import type { Custody } from "../../audit/custody.ts";
import type { Problem } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import { renderPlace } from "../problems.ts";
import { factList, type Html, html, timeOf } from "./markup.ts";

/** Hashes that are listed; an archive may have millions of members. */
const mostMembers = 5000;

/** The chain of custody: what the archive was, and who looked at it how. */
export function custodyPart(custody: Custody | null): Html {
  if (custody === null) return html``;
  const { archiveSha256, tool, hashedAt, user, uid, host, command, members } = custody;
  const more = Math.max(0, members.length - mostMembers) + custody.moreMembers;
  const facts = factList([
    [
      "SHA-256",
      archiveSha256 === null ? "none: it is a folder" : html`<code>${archiveSha256}</code>`,
    ],
    ["Hashed", timeOf(hashedAt)],
    ["By", `${user} (uid ${uid}) on ${host}`],
    ["Tool", tool],
    ["Command", html`<code>${command}</code>`],
  ]);
  const rows = members
    .slice(0, mostMembers)
    .map(
      ({ name, size, sha256 }) =>
        html`<tr><th scope="row"><code>${name}</code></th><td class="number">${formatCount(size)}</td><td><code class="hash">${sha256}</code></td></tr>`,
    );
  return html`<section class="custody"><h3>Chain of custody</h3>${facts}
<details class="fold"><summary>Hashes of ${formatCount(members.length + custody.moreMembers)} members</summary>
<table class="wide"><thead><tr><th scope="col">Member</th><th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table>
${more > 0 && html`<p>${formatCount(more)} further members are not listed here</p>`}</details></section>`;
}

const signs = { error: "✗", warning: "!", note: "·" } as const;
const colours = { error: "high", warning: "medium", note: "info" } as const;

/** What could not be read: an audit with errors among them is not whole. */
export function problemsPart(problems: readonly Problem[]): Html {
  if (problems.length === 0) return html``;
  const items = problems.map(({ severity, message, where }) => {
    const place = renderPlace(where);
    return html`<li><span class="mark ${colours[severity]}"><span aria-hidden="true">${signs[severity]}</span> ${severity}</span> ${message}${place !== "" && html` <span class="dim">${place}</span>`}</li>`;
  });
  return html`<section><h3>Problems while reading</h3><ul class="plain">${items}</ul></section>`;
}
