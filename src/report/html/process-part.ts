import type { ArchiveDetails, Endpoint, Some } from "../../audit/details.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { ProcessRow } from "../../checkpoint/process-list.ts";
import { type Html, html, type Part } from "./markup.ts";

/** Lists in lists that browsers still lay out well; what is deeper is drawn at this depth. */
const deepest = 24;

/** The tree of processes, as nested lists. */
export function processPart({ processes }: ArchiveDetails): Html {
  const { items, more } = processes;
  if (items.length === 0) return html``;
  const count = formatCount(items.length + more);
  return html`<section><h3>Processes <small>${count}</small></h3><div class="tree">${tree(items)}</div>
${more > 0 && html`<p class="dim">${formatCount(more)} further processes are not drawn</p>`}</section>`;
}

/** Opens and closes lists as the depth of the rows goes up and down: no call for each level. */
function tree(rows: readonly ProcessRow[]): Html[] {
  const pieces: Html[] = [];
  let open = -1;
  const close = (): void => {
    pieces.push(html`</li></ul>`);
    open -= 1;
  };
  for (const row of rows) {
    // A tree whose parents are missing may jump; a list cannot.
    const depth = Math.min(row.depth, deepest, open + 1);
    while (open > depth) close();
    if (open === depth) pieces.push(html`</li>`);
    else pieces.push(html`<ul>`);
    open = depth;
    pieces.push(html`<li>${processLine(row)}`);
  }
  while (open >= 0) close();
  return pieces;
}

function processLine(row: ProcessRow): Html {
  const { pid, comm, command, uid, threads, dumpedBytes } = row;
  const facts: Part[] = [
    stateText(row),
    threads.length > 1 && `${formatCount(threads.length)} threads`,
    uid !== null && `uid ${uid}`,
    dumpedBytes > 0 && formatBytes(dumpedBytes),
  ];
  return html`<div class="process"><span class="pid">${pid}</span> <strong>${comm ?? "?"}</strong> ${command !== null && html`<code>${command.join(" ")}</code> `}<span class="dim">${joined(facts)}</span></div>`;
}

function stateText({ state, exitCode, exitSignal }: ProcessRow): string {
  if (exitSignal !== null) return `${state}, ended by signal ${exitSignal}`;
  return exitCode === null || state !== "zombie" ? state : `${state}, exit code ${exitCode}`;
}

function joined(parts: readonly Part[]): Part {
  return parts
    .filter((part) => part !== false && part !== null)
    .map((part, at) => [at > 0 && " · ", part]);
}

/** Who takes connections, and who has some. */
export function socketPart({ listeners, connections }: ArchiveDetails): Html {
  if (listeners.items.length + connections.items.length === 0) return html``;
  return html`<section><h3>Network</h3>${endpoints("Open to connections and datagrams", listeners)}${endpoints("Connections", connections)}</section>`;
}

function endpoints(title: string, { items, more }: Some<Endpoint>): Part {
  if (items.length === 0) return null;
  const remote = items.some((item) => item.remote !== null);
  const rows = items.map(
    (item) =>
      html`<tr><td>${item.protocol}</td><td>${item.state}</td><td><code>${item.local}</code></td>${remote && html`<td><code>${item.remote}</code></td>`}<td>${item.pid !== null && html`<span class="pid">${item.pid}</span> ${item.comm}`}</td></tr>`,
  );
  return html`<table class="wide"><caption>${title}</caption><thead><tr><th scope="col">Protocol</th><th scope="col">State</th><th scope="col">Local</th>${remote && html`<th scope="col">Remote</th>`}<th scope="col">Process</th></tr></thead><tbody>${rows}</tbody></table>
${more > 0 && html`<p class="dim">${formatCount(more)} more are not listed</p>`}`;
}
