import { type CriuFacts, type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";
import { ask, findProgram, type Packages, versionOf } from "./programs.ts";

const configFolder = "/etc/criu";
const libraryFolders = [
  "/usr/local/lib64",
  "/usr/local/lib",
  "/usr/lib64",
  "/usr/lib",
  "/lib64",
  "/lib",
];

/** CRIU, its library for crun, and the files that change what it does. */
export async function criuFacts(host: Host, packages: Packages): Promise<CriuFacts> {
  const path = findProgram(host, "criu");
  return {
    path,
    version: await versionOf(host, path, packages, ["criu"]),
    check: await check(host, path),
    library: library(host),
    configFiles: configFiles(host),
  };
}

async function check(host: Host, path: string | null): Promise<Fact<boolean>> {
  const self = host.stat("/proc/self");
  if (host.live && self.state === "found" && self.value.uid !== 0) {
    return unknown("criu check needs root");
  }
  const said = await ask(host, path, ["check"]);
  if (said.value === null) return unknown(said.evidence);
  const error = /^Error .*$/m.exec(said.value.text)?.[0];
  return known(said.value.code === 0, error === undefined ? said.evidence : `criu check: ${error}`);
}

function library(host: Host): Fact<string> {
  const below = host.list("/usr/lib");
  const triplets =
    below.state === "found"
      ? below.value.filter(({ name }) => /-linux-gnu/.test(name)).map(({ name }) => name)
      : [];
  for (const folder of [...triplets.map((name) => `/usr/lib/${name}`), ...libraryFolders]) {
    const path = `${folder}/libcriu.so.2`;
    if (host.stat(path).state === "found") return known(path, path);
  }
  return unknown("libcriu.so.2 is in no folder of libraries");
}

/** CRIU's own default.conf and what runc and crun hand it, `name` or `name value` a line. */
function configFiles(host: Host): CriuFacts["configFiles"] {
  const listed = host.list(configFolder);
  if (listed.state !== "found") return [];
  const files: CriuFacts["configFiles"] = [];
  for (const { name } of listed.value.filter((entry) => entry.name.endsWith(".conf"))) {
    const path = `${configFolder}/${name}`;
    const read = host.text(path);
    if (read.state !== "found") continue;
    const lines = read.value.split("\n").map((line) => line.replace(/#.*$/, "").trim());
    const options = lines.filter(Boolean).map((line) => {
      const [option = "", ...value] = line.split(/[\s=]+/);
      return {
        name: option.replace(/^--/, ""),
        value: value.length === 0 ? null : value.join(" "),
      };
    });
    files.push({ path, options });
  }
  return files;
}
