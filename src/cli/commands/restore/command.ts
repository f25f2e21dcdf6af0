import { Command, Option } from "commander";
import {
  addArchiveOptions,
  addClusterOptions,
  addDebugOption,
  addOutputOptions,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { BundleCommandOptions } from "./bundle.ts";
import type { ImageCommandOptions } from "./image.ts";
import type { ManifestCommandOptions } from "./manifest.ts";
import type { PlanCommandOptions } from "./plan.ts";

export const restoreCommand: CommandMaker = (run, io) =>
  new Command("restore")
    .description("bring a checkpoint back: will it, and what runtimes restore it from")
    .addCommand(planCommand(run, io))
    .addCommand(imageCommand(run, io))
    .addCommand(manifestCommand(run, io))
    .addCommand(bundleCommand(run, io));

const planCommand: CommandMaker = (run, io) => {
  const plan = new Command("plan")
    .description("say whether it will come back at a place, need by need, with remedies")
    .argument("<archive>", "archive")
    .option("--node <name>", "a node of the cluster, or of the file")
    .option("--node-file <file>", "a node as `kubectl get node NAME -o json` printed it")
    .option("--host", "this machine")
    .option("--root <dir>", "a node's root folder, where it is not this machine's")
    .addOption(
      new Option(
        "--runtime <name>",
        "what restores (default: the place's, or the archive's)",
      ).choices(["containerd", "cri-o", "podman", "runc", "crun"]),
    );
  addOutputOptions(addArchiveOptions(addClusterOptions(plan)));
  return plan.action((archive: string, options: PlanCommandOptions) =>
    run(async () => (await import("./plan.ts")).runPlan(archive, options, io)),
  );
};

const imageCommand: CommandMaker = (run, io) => {
  const image = new Command("image")
    .description("make the OCI image that CRI-O, containerd and Podman restore from")
    .argument("<archive>", "archive")
    .addOption(
      new Option("--compress <how>", "compression of the layer (default: as the archive)").choices([
        "none",
        "gzip",
        "zstd",
      ]),
    )
    .option("--tag <name>", "the image's name")
    .option("--push <reference>", "send it to a registry: REGISTRY/REPOSITORY[:TAG]")
    .option("--yes", "with --push: memory may leave this machine");
  addOutputOptions(
    addArchiveOptions(image),
    [],
    "where to: oci:DIR, oci-archive:FILE or docker-archive:FILE",
  );
  return image.action((archive: string, options: ImageCommandOptions) =>
    run(async () => (await import("./image.ts")).runImage(archive, options, io)),
  );
};

const manifestCommand: CommandMaker = (run, io) => {
  const manifest = new Command("manifest")
    .description("write the pod that restores it from its image, and what has to be decided")
    .argument("<archive>", "archive")
    .option("--image <reference>", "the checkpoint image, as the node knows it")
    .option("--name <pod>", "name of the pod (default: the old one and -restored)")
    .option("--namespace <name>", "its namespace (default: the old one)")
    .option("--node <name>", "where it has to run")
    .addOption(
      new Option("--runtime <name>", "what restores (default: what made the archive)").choices([
        "containerd",
        "cri-o",
      ]),
    )
    .addOption(
      new Option("-o, --output <format>", "the pod, or a document with it and all remarks")
        .choices(["yaml", "json"])
        .default("yaml"),
    )
    .option("--output-file <file>", "write to a new file (0600) instead of stdout")
    .option("-q, --quiet", "do not list on stderr what has to be decided");
  addDebugOption(addArchiveOptions(manifest));
  return manifest.action((archive: string, options: ManifestCommandOptions) =>
    run(async () => (await import("./manifest.ts")).runManifest(archive, options, io)),
  );
};

const bundleCommand: CommandMaker = (run, io) => {
  const bundle = new Command("bundle")
    .description("make a bundle that runc or crun restores on a bench, whatever made the archive")
    .argument("<archive>", "archive, or - for standard input")
    .requiredOption("-C, --directory <dir>", "folder to make; it must not exist")
    .requiredOption(
      "--rootfs <where>",
      "the base image: DIR, oci:DIR[:NAME], oci-archive:FILE or docker-archive:FILE",
    )
    .addOption(
      new Option("--network <which>", "an empty network, or that of the machine that restores")
        .choices(["none", "host"])
        .default("none"),
    )
    .option("--keep-hooks", "keep hooks: programs that the runtime runs on the host")
    .addOption(
      new Option("--runtime <name>", "what restores (default: what made the dump)").choices([
        "runc",
        "crun",
      ]),
    );
  addArchiveOptions(addOutputOptions(bundle));
  return bundle.action((archive: string, options: BundleCommandOptions) =>
    run(async () => (await import("./bundle.ts")).runBundle(archive, options, io)),
  );
};
