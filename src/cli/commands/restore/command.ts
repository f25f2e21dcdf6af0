import { Command, Option } from "commander";
import { addArchiveOptions, addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { ImageCommandOptions } from "./image.ts";

export const restoreCommand: CommandMaker = (run, io) =>
  new Command("restore")
    .description("bring a checkpoint back: make what runtimes restore from")
    .addCommand(imageCommand(run, io));

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
    .option("--yes", "with --push: memory may leave this machine")
    .option("--plain-http", "with --push: without TLS")
    .option("--ca-file <file>", "with --push: authorities of the registry, PEM");
  addOutputOptions(
    addArchiveOptions(image),
    [],
    "where to: oci:DIR, oci-archive:FILE or docker-archive:FILE",
  );
  return image.action((archive: string, options: ImageCommandOptions) =>
    run(async () => (await import("./image.ts")).runImage(archive, options, io)),
  );
};
