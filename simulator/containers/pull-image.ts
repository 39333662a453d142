// Pulls the image of a container, and shows the events of it.
import type { Fate, GroupTimings } from "./deployment-outcome.ts";
import type { ContainerView } from "./instance-view.ts";

const attempts = 3;

interface PullSetting {
  readonly image: string;
  readonly fate: Fate;
  readonly timings: GroupTimings;
  pause(milliseconds: number): Promise<void>;
  onChange(): void;
}

/** Pulls the image, with the events of it (facts aci-azure-sdk §2.3). @returns whether it is there */
export async function pull({ events }: ContainerView, setting: PullSetting): Promise<boolean> {
  const { fate, timings, pause } = setting;
  const image = `"${setting.image}"`;
  const happened = (type: "Normal" | "Warning", name: string, message: string): void => {
    events.add(type, name, message);
    setting.onChange();
  };
  if (fate.kind === "pull-stalls") {
    happened("Normal", "Pulling", `pulling image ${image}`);
    await pause(timings.provisioningTimeoutMs);
    return false;
  }
  if (fate.kind !== "pull-fails") {
    happened("Normal", "Pulling", `pulling image ${image}`);
    await pause(timings.pullMs);
    happened("Normal", "Pulled", `Successfully pulled image ${image}`);
    return true;
  }
  const { reason = "unexpected EOF" } = fate;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    happened("Normal", "Pulling", `pulling image ${image}`);
    await pause(timings.pullMs);
    happened("Warning", "Failed", `Failed to pull image ${image}: ${reason}`);
    happened("Normal", "BackOff", `Back-off pulling image ${image}`);
    await pause(timings.pullRetryMs);
  }
  return false;
}
