import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import type { ManualPage } from "../../manual/page.ts";

export const auditPage: ManualPage = {
  about: `
Asks of each archive whether only its owner could have read it, whether it is whole, what it would do to
the node that restores it, what its container was exposed to, what looks like an attack, which secrets lie
in it, and what will stop CRIU. docs/rules.md has every rule with why and what to do; docs/policy.md says how
a policy expects, allows and limits.

Folders are looked through without their folders. One broken archive never stops the rest. The same archive
gives the same fingerprints in every run, by which the policy allows a finding.

--changed-only leaves out what has not changed since --state was written; findings of what is left out
still count.

-o prometheus is for node-exporter's textfile collector: --replace puts a file in the place of the one before
in one step, and --output-mode 0644 lets the collector read it; it holds figures, ids of rules and names of
folders. --report writes the same audit in further forms. {node} and {time} in the name of a file or address
are the node's name and the time of the run.

--every audits again and again, for a DaemonSet (docs/cluster.md): each node at its own minute of the period,
which its name decides, so that the nodes of a cluster do not come all at once. A run that fails is told, and
the next one is made all the same; SIGTERM ends it.

--prune audits nothing: it says which archives the policy's limits (age, count, bytes) would
delete and why, and deletes them with --yes. A file FILE.keep beside an archive, or .keep in its folder,
keeps it.

--merge audits nothing either: it makes one report of the JSON reports of many nodes, in every form. It takes
files, folders with those below them, and -; plain, gzip or zstd; one report behind another. Of each node the
newest report of each question (paths, memory, rules) counts, and an archive that two of them have is told
once. What --changed-only passed over is told by the report that audited it, where that is there. A report
that cannot be read is named with the byte, and the rest is merged. --node and NODE_NAME say which node a
report is of.`,
  examples: [
    ["cryoscope audit", "the kubelet's folder, in a cron job"],
    ["cryoscope audit --fail-on critical --no-memory cart.tar", "one archive, quickly"],
    ["cryoscope audit --print-policy > policy.yaml", "a policy to begin with"],
    [
      "cryoscope audit --policy policy.yaml --changed-only --state seen.json /mnt/evidence",
      "only what is new",
    ],
    ["cryoscope audit -o sarif --output-file cart.sarif cart.tar", "for a pipeline"],
    [
      "cryoscope audit -o html --custody --output-file cart.html cart.tar",
      "one page to hand over, with every hash",
    ],
    [
      "cryoscope audit -q --replace --output-mode 0644 --report prometheus=/var/lib/node_exporter/cryoscope.prom",
      "figures for the textfile collector",
    ],
    [
      "cryoscope audit --report json=/mnt/reports/{node}-{time}.json --report sarif=/mnt/reports/{node}-{time}.sarif",
      "one audit, two files more",
    ],
    [
      "cryoscope audit --merge /mnt/reports --summary",
      "what the nodes of a cluster have, worst first",
    ],
    ["cryoscope audit --prune /mnt/evidence", "what is older, or more, than the policy wants"],
  ],
  exits: {
    fine: "everything was looked at, and nothing is as grave as --fail-on says",
    findings: "a finding that nobody allowed is as grave as --fail-on says",
    archive: "else: an archive, or a report of --merge, could not be read, or not whole",
    refused: "else: an archive was refused, or could not be deleted",
  },
  files: [
    [kubeletCheckpoints, "what is audited where no path is given"],
    ["FILE.keep, .keep", "keep an archive, or those of a folder, from --prune"],
  ],
  security: `
Silence is no proof: rules look for what is known. A report names processes, paths and addresses of the
container, so it deserves care too.`,
  see: ["memory secrets", "restore plan", "secure"],
};
