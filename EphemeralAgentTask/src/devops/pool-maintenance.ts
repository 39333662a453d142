// Reads the maintenance definitions of a pool.
import {
  type TaskAgentPoolMaintenanceDefinition,
  TaskAgentPoolMaintenanceScheduleDays,
} from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import type { MaintenancePlan } from "../checks/check-ports.ts";

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

const twoDigits = (value: number) => String(value).padStart(2, "0");

/** Fields as the API's documentation has them (Microsoft Learn, TaskAgentPoolMaintenanceDefinition); days are flags. */
export function maintenancePlan(definition: TaskAgentPoolMaintenanceDefinition): MaintenancePlan {
  const { enabled = false, jobTimeoutInMinutes, maxConcurrentAgentsPercentage, scheduleSetting } = definition;
  const { daysToBuild = 0, startHours, startMinutes = 0, timeZoneId } = scheduleSetting ?? {};
  return {
    enabled,
    days: days.filter((day) => (daysToBuild & TaskAgentPoolMaintenanceScheduleDays[day]) !== 0),
    ...(startHours === undefined ? {} : { startsAt: `${twoDigits(startHours)}:${twoDigits(startMinutes)}` }),
    ...(timeZoneId === undefined ? {} : { timeZone: timeZoneId }),
    ...(jobTimeoutInMinutes === undefined ? {} : { timeoutMinutes: jobTimeoutInMinutes }),
    ...(maxConcurrentAgentsPercentage === undefined ? {} : { agentsPercent: maxConcurrentAgentsPercentage }),
  };
}
