import { Command, Option } from "commander";
import { addClusterOptions, addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { CheckpointOptions } from "./options.ts";

/** Small, in every architecture, with all that is needed. */
const defaultImage = "docker.io/library/busybox:1.37";

export const checkpointCommand: CommandMaker = (run, io) => {
  const command = new Command("checkpoint")
    .description("ask the kubelet for a checkpoint; prints the archive's path on the node")
    .argument(
      "[target...]",
      "NAMESPACE/POD/CONTAINER; with -n POD/CONTAINER; without what is clear; or pod/NAME",
    )
    .option("-n, --namespace <name>", "namespace of the targets and of -l")
    .option("-c, --container <name>", "container of the pods that are named without one, and of -l")
    .option("-l, --selector <labels>", "every pod that these labels fit")
    .option("--all-containers", "every running container of the pods, init and ephemeral ones too")
    .option("--dry-run", "checkpoint nothing: say where the call would go, and what is against it")
    .option("--parallel <count>", "checkpoints at once, one at a time a node", "4")
    .option("--timeout <time>", "seconds or 1h30m: what the kubelet is told (0: the runtime's own)")
    .option(
      "--request-timeout <time>",
      "how long to wait for the answer (0: for ever; default: 30s longer than the kubelet)",
    )
    .addOption(
      new Option(
        "--route <way>",
        "through the API server, to the kubelet itself, what works of both, or this machine's kubelet",
      )
        .choices(["auto", "proxy", "direct", "local"])
        .default("auto"),
    )
    .option("--kubelet <url>", "ask this kubelet and no API server: https://HOST:10250")
    .option("--certificate-authority <file>", "authority of the kubelet's certificate")
    .option("--client-certificate <file>", "certificate to show to the kubelet")
    .option("--client-key <file>", "key of that certificate")
    .option("--token-file <file>", "token to show to the kubelet")
    .option("--tls-server-name <name>", "name that the kubelet's certificate bears")
    .option("--insecure-skip-tls-verify", "believe whoever answers for the kubelet")
    .option("--fetch <dir>", "bring the archives to this folder and compare their SHA-256")
    .option("--fetch-image <image>", "image of the pod that reads them", defaultImage)
    .option("--namespace-for-fetch <name>", "namespace of that pod (default: the container's)")
    .option(
      "--fetch-command <command>",
      "bring them by a program instead, as in 'ssh {node} sudo cat {path}'",
    )
    .option("--fetch-timeout <time>", "how long one archive may take (default: 1h)")
    .option("--remove-remote", "remove them from the node once they are here and compared");
  addOutputOptions(addClusterOptions(command));
  return command.action((targets: string[], options: CheckpointOptions) =>
    run(async () => {
      // Networks and kubeconfigs are nothing that other commands should pay for.
      const { runCheckpoint } = await import("./run.ts");
      return runCheckpoint(targets, options, io);
    }),
  );
};
