// What the container engine is to run for an accepted request.

import type { SimImage } from "../../../containers/container-engine.ts";
import type { DeploymentPlan } from "../../../containers/deployment-plan.ts";
import type { Workspaces } from "../log-analytics-workspaces.ts";
import type { GroupRequest } from "../request/group-request.ts";

/** What is deployed for a request that has been accepted. */
export function deploymentPlan(
  id: string,
  request: GroupRequest,
  { image, metadataPort }: { readonly image: SimImage; readonly metadataPort: number | undefined },
  nonZeroExitUnderNever: boolean,
  workspaces: Workspaces,
): DeploymentPlan {
  const { container, volumes, workspaceId } = request;
  return {
    container: {
      id,
      image,
      command: container.command,
      environment: Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
      volumes: container.mounts.flatMap(({ name, mountPath, readOnly }) =>
        volumes
          .filter((volume) => volume.name === name)
          .map(({ kind, files, share, view }) => ({
            ...{ mountPath, kind, files },
            readOnly: readOnly === true || view.readOnly === true,
            ...(share === undefined ? {} : { share }),
          })),
      ),
      subnetId: request.subnetId,
      ...(metadataPort === undefined ? {} : { metadataPort }),
    },
    location: request.location,
    cpu: container.cpu,
    memoryInGB: container.memoryInGB,
    ...(workspaceId !== undefined && {
      onOutput: (text: string) => workspaces.append(workspaceId, request.name, container.name, text),
    }),
    restart: { policy: request.restartPolicy ?? "Always", nonZeroExitUnderNever },
  };
}
