// What is really in the tarball and in the executable, as CycloneDX 1.6. `npm sbom` would list what
// we develop with; this lists what the build bundled (the headings of THIRD-PARTY-LICENSES come from
// esbuild's own account) with the digests of package-lock.json.
import { createHash } from "node:crypto";

/**
 * @param subject name, version and SHA-256 of the file that is described, and the commit's time in seconds.
 * @param components what it holds, from `bundledComponents` and others of that form.
 * @returns a document that is the same for the same file.
 */
export function sbom({ file, version, sha256, seconds }, components) {
  const root = `pkg:npm/cryoscope@${version}`;
  const sorted = components.toSorted((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(sha256)}`,
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": root,
        name: "cryoscope",
        version,
        purl: root,
        licenses: [{ license: { id: "Apache-2.0" } }],
        hashes: [{ alg: "SHA-256", content: sha256 }],
        properties: [{ name: "cryoscope:file", value: file }],
      },
    },
    components: sorted.map(({ dependsOn: _, ...component }) => component),
    dependencies: [
      { ref: root, dependsOn: sorted.map((component) => component["bom-ref"]) },
      ...sorted.map((component) => ({
        ref: component["bom-ref"],
        dependsOn: (component.dependsOn ?? []).filter((ref) =>
          sorted.some((other) => other["bom-ref"] === ref),
        ),
      })),
    ],
  };
}

/** The packages that THIRD-PARTY-LICENSES names, with what the lock file knows of them. */
export function bundledComponents(licences, lock) {
  const entries = Object.entries(lock.packages).map(([path, entry]) => ({
    ...entry,
    name: entry.name ?? path.split("node_modules/").at(-1),
  }));
  const refs = new Map(entries.map(({ name, version }) => [name, refOf(name, version)]));
  return [...licences.matchAll(/^(@?[\w./-]+) (\d+\.\d+\.\d+\S*) \((.+)\)$/gm)].map(
    ([, name, version, license]) => {
      const locked = entries.find((entry) => entry.name === name && entry.version === version);
      if (locked?.integrity === undefined) throw new Error(`${name} ${version} is in no lock file`);
      return component({
        name,
        version,
        license,
        ref: refOf(name, version),
        hash: { alg: "SHA-512", content: hexOf(locked.integrity) },
        dependsOn: Object.keys(locked.dependencies ?? {}).flatMap((other) => refs.get(other) ?? []),
      });
    },
  );
}

/** One component. `ref` is its package URL; `hash` is of the package as its registry has it. */
export function component({ type = "library", name, version, license, ref, hash, dependsOn }) {
  const [group, bare] = name.startsWith("@") ? name.split("/") : [undefined, name];
  return {
    type,
    "bom-ref": ref,
    ...(group === undefined ? {} : { group }),
    name: bare,
    version,
    purl: ref,
    licenses: / /.test(license) ? [{ expression: license }] : [{ license: { id: license } }],
    hashes: [hash],
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}

const refOf = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

function hexOf(integrity) {
  return Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
}

/** A UUID (version 8, RFC 9562) out of a digest: the same file has the same number. */
function uuidOf(sha256) {
  const hex = createHash("sha256").update(`cryoscope ${sha256}`).digest("hex");
  const variant = ((Number.parseInt(hex[16], 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
