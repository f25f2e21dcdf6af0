// One call of the container runtime interface: call.js SOCKET METHOD, with the request as JSON on
// standard input, prints the response as JSON. Messages have the fields that run.sh needs, numbered
// as in https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto.
import { readFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import protobuf from "protobufjs";

const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message VersionRequest {}
  message VersionResponse { string runtime_name = 2; string runtime_version = 3; }
  enum NamespaceMode { POD = 0; CONTAINER = 1; NODE = 2; }
  message NamespaceOption { NamespaceMode network = 1; NamespaceMode pid = 2; NamespaceMode ipc = 3; }
  message SandboxSecurity { NamespaceOption namespace_options = 1; }
  message LinuxSandbox { string cgroup_parent = 1; SandboxSecurity security_context = 2; }
  message SandboxMetadata { string name = 1; string uid = 2; string namespace = 3; }
  message SandboxConfig {
    SandboxMetadata metadata = 1; string log_directory = 3; LinuxSandbox linux = 8;
  }
  message RunPodSandboxRequest { SandboxConfig config = 1; }
  message RunPodSandboxResponse { string pod_sandbox_id = 1; }
  message ContainerMetadata { string name = 1; }
  message ImageSpec { string image = 1; string user_specified_image = 18; }
  message Mount { string container_path = 1; string host_path = 2; }
  message ContainerSecurity { NamespaceOption namespace_options = 3; }
  message LinuxContainer { ContainerSecurity security_context = 2; }
  message ContainerConfig {
    ContainerMetadata metadata = 1; ImageSpec image = 2; repeated Mount mounts = 7;
    string log_path = 11; LinuxContainer linux = 15;
  }
  message CreateContainerRequest {
    string pod_sandbox_id = 1; ContainerConfig config = 2; SandboxConfig sandbox_config = 3;
  }
  message CreateContainerResponse { string container_id = 1; }
  message StartContainerRequest { string container_id = 1; }
  message StartContainerResponse {}
  enum State { CREATED = 0; RUNNING = 1; EXITED = 2; UNKNOWN = 3; }
  message ContainerStatus {
    string id = 1; ContainerMetadata metadata = 2; State state = 3; int32 exit_code = 7;
    ImageSpec image = 8; string reason = 10; string message = 11; map<string, string> annotations = 13;
  }
  message ContainerStatusRequest { string container_id = 1; }
  message ContainerStatusResponse { ContainerStatus status = 1; }
  message CheckpointContainerRequest { string container_id = 1; string location = 2; }
  message CheckpointContainerResponse {}
  message ExecSyncRequest { string container_id = 1; repeated string cmd = 2; int64 timeout = 3; }
  message ExecSyncResponse { string stdout = 1; string stderr = 2; int32 exit_code = 3; }
  message PullImageRequest { ImageSpec image = 1; }
  message PullImageResponse { string image_ref = 1; }
  message StopPodSandboxRequest { string pod_sandbox_id = 1; }
  message StopPodSandboxResponse {}
  message RemovePodSandboxRequest { string pod_sandbox_id = 1; }
  message RemovePodSandboxResponse {}
`,
  { keepCase: true },
);

const [socket, method] = process.argv.slice(2);
const Request = root.lookupType(`${method}Request`);
const Response = root.lookupType(`${method}Response`);
const message = Request.encode(Request.fromObject(JSON.parse(readFileSync(0, "utf8")))).finish();
// A gRPC message: not compressed, length, protobuf.
const frame = Buffer.alloc(5 + message.length);
frame.writeUInt32BE(message.length, 1);
frame.set(message, 5);

const session = connectHttp2("http://localhost", { createConnection: () => connect(socket) });
session.on("error", (error) => fail(error.message));
const call = session.request({
  ":method": "POST",
  ":path": `/runtime.v1.${method === "PullImage" ? "ImageService" : "RuntimeService"}/${method}`,
  "content-type": "application/grpc",
  te: "trailers",
});
let status = {};
const parts = [];
// Without a message, the status comes with the head.
for (const event of ["response", "trailers"]) {
  call.on(event, (fields) => {
    status = { ...status, ...fields };
  });
}
call.on("error", (error) => fail(error.message));
call.on("data", (part) => parts.push(part));
call.on("end", () => {
  if (status["grpc-status"] !== "0")
    fail(decodeURIComponent(status["grpc-message"] ?? "no status"));
  const response = Response.decode(Buffer.concat(parts).subarray(5));
  console.log(JSON.stringify(Response.toObject(response, { enums: String, longs: String })));
  session.close();
});
call.setTimeout(60_000, () => fail("no answer in a minute"));
call.end(frame);

function fail(why) {
  console.error(`${method}: ${why}`);
  process.exit(1);
}
