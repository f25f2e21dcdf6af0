import { isObject } from "../../../base/json-object.ts";
import { listNamespaces, listPods } from "../../../kubelet/cluster/cluster.ts";
import { findKubeconfig } from "../../../kubelet/cluster/find-kubeconfig.ts";
import type { Handler } from "../handler.ts";
import { accessTo, clusterOf, meansOf } from "./log-in.ts";

export const answerContexts: Handler<"contexts"> = async (_ask, services) => {
  const { env, file, context: given } = clusterOf(services);
  const config = await findKubeconfig(file, env);
  const contexts = config.contexts.map(({ name, context }) => {
    const namespace = isObject(context) ? context["namespace"] : undefined;
    return {
      name,
      namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default",
    };
  });
  return { contexts, current: given ?? config["current-context"] ?? null };
};

export const answerNamespaces: Handler<"namespaces"> = async ({ context }, services, call) =>
  listNamespaces(meansOf(await accessTo(context, services), call.signal));

export const answerPods: Handler<"pods"> = async ({ context, namespace }, services, call) => {
  const means = meansOf(await accessTo(context, services), call.signal);
  const pods = await listPods(means, namespace);
  return pods.map(({ name, node, containers }) => ({ name, node: node ?? null, containers }));
};
