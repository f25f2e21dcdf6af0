import type { NodeFacts } from "../facts.ts";
import { atLeast } from "../version.ts";
import { cannotTell, type Need, no, type Purpose, sources, type Verdict, yes } from "./row.ts";

const all: Purpose[] = ["checkpoint", "restore", "podman"];

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "criu",
  what,
  needed,
  source: sources.criu,
  purposes: all,
  required: true,
  ...more,
});

const install = "install CRIU 4.2 or newer (package criu)";

/** CRIU's part: there, new enough for the runtimes and for the kernel, and content with it. */
export function criuVerdicts(facts: NodeFacts): Verdict[] {
  const { criu, source } = facts;
  const present = need("criu", "CRIU is here", "3.16 or newer", { source: sources.criVersion });
  if (source === "api") return [cannotTell(present, "the API does not tell")];
  if (criu.path === null) {
    const elsewhere =
      criu.version.value === null
        ? "not in any folder of programs"
        : `only ${criu.version.evidence}`;
    return [no(present, elsewhere, install)];
  }
  const enough = criu.version.value === null ? undefined : atLeast(criu.version.value, 3, 16);
  const version = criu.version.value ?? "";
  const rows = [
    enough === undefined
      ? cannotTell(present, `${criu.path} is there: ${criu.version.evidence}`)
      : enough
        ? yes(present, `${version} (${criu.path})`)
        : no(present, version, install),
  ];
  if (enough === true) rows.push(...forKernel(facts, version));
  return [...rows, checkRow(facts), ...configRows(facts)];
}

/** Kernels that older CRIU releases stumble over. The newest that applies is told. */
const kernelNeeds = [
  {
    kernel: [7, 1],
    criu: [4, 3],
    why: "checkpoints fail on 7.1 and newer with CRIU 4.2 (criu#3002)",
  },
  { kernel: [6, 16], criu: [4, 2], why: "SO_PASSCRED and SO_PASSSEC are limited (criu#2804)" },
  { kernel: [6, 13], criu: [4, 1], why: "the kernel has vvar_vclock (criu#2532)" },
] as const;

function forKernel({ machine }: NodeFacts, version: string): Verdict[] {
  const kernel = machine.kernel.value;
  if (kernel === null) return [];
  const rule = kernelNeeds.find((entry) => atLeast(kernel, ...entry.kernel) === true);
  if (rule === undefined) return [];
  const least = rule.criu.join(".");
  const wanted = need(
    "criu-for-kernel",
    "CRIU knows this kernel",
    `${least} or newer for ${kernel}`,
  );
  return atLeast(version, ...rule.criu) === true
    ? [yes(wanted, version)]
    : [no(wanted, `${version}: ${rule.why}`, `upgrade CRIU to ${least} or newer`)];
}

function checkRow({ criu }: NodeFacts): Verdict {
  const wanted = need("criu-check", "CRIU finds what it always needs", "criu check: Looks good");
  if (criu.check.value === null) {
    return cannotTell(wanted, criu.check.evidence, "run criu check as root on the node");
  }
  if (criu.check.value) return yes(wanted, "Looks good");
  return no(wanted, criu.check.evidence, "criu check says what the kernel lacks: another kernel");
}

/** Options that runtimes hand to CRIU from files, which users need most, or trip over. */
function configRows({ criu }: NodeFacts): Verdict[] {
  const options = criu.configFiles.flatMap(({ path, options: list }) =>
    list.map((option) => ({ ...option, path })),
  );
  const moved = options.find(({ name }) => name === "images-dir");
  const tcp = options.find(({ name }) => name === "tcp-established" || name === "tcp-close");
  const rows: Verdict[] = [];
  if (moved !== undefined) {
    const wanted = need("criu-images-dir", "CRIU writes where the runtime looks", "no images-dir");
    rows.push(
      no(
        wanted,
        `images-dir in ${moved.path}`,
        "take images-dir out: archives come out without images",
      ),
    );
  }
  const wanted = need(
    "criu-tcp",
    "live TCP connections can be dumped",
    "tcp-established or tcp-close",
    {
      required: false,
      purposes: ["checkpoint", "restore"],
    },
  );
  rows.push(
    tcp === undefined
      ? no(
          wanted,
          "neither is set",
          "echo tcp-established >>/etc/criu/runc.conf (crun.conf for crun), where connections are to be kept",
        )
      : yes(wanted, `${tcp.name} in ${tcp.path}`),
  );
  return rows;
}
