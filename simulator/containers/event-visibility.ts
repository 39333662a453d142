// When the events of a container group become visible.
import { seededRandom } from "../http/seeded-random.ts";

/**
 * When the service shows what happened to a group. `late`: once the group has reached its end, Succeeded or Failed, and
 * nothing of its container before. `never`: not even then. `early`: as it happens, as the documentation and recordings
 * from before 2019 have it.
 */
export type EventDisplay = "early" | "late" | "never";

/** `recorded`: late, and never for some of the groups that come up. */
export type EventDisplayChoice = EventDisplay | "recorded";

/**
 * Of 99 recorded operations (2021-2024) that were Pending or Creating none had an event; of 142 that had Succeeded, 29 had
 * none either. The one recorded failure had its event, so the draw is for groups that come up.
 */
const neverShown = 29 / 142;

/**
 * @param seed the same one gives the same groups their events, in the order in which they are made
 * @returns what is to be called once for each deployment, with whether it is one that comes up
 */
export function eventDisplays(choice: EventDisplayChoice, seed = 1): (comesUp: boolean) => EventDisplay {
  const random = seededRandom(seed);
  return (comesUp) => {
    if (choice !== "recorded") return choice;
    return comesUp && random() < neverShown ? "never" : "late";
  };
}
