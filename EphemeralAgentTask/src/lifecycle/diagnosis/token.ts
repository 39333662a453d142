import { type Clock, ServiceFault } from "../../ports.ts";

/** Notices when Azure DevOps refuses a token that it has accepted before: it has run out (facts agent-protocol §6). */
export interface TokenWatch {
  accepted(): void;
  /** @returns the fault, by its own name when it is about the token */
  judge(fault: ServiceFault): ServiceFault;
}

/** @param began when the step began, in milliseconds since the epoch */
export function tokenWatch(clock: Clock, began: number): TokenWatch {
  let good = false;
  return {
    accepted() {
      good = true;
    },
    judge(fault) {
      const { status } = fault.details;
      // A sign-in page is the other way to refuse one (microsoft/azure-pipelines-agent #5520).
      if (!good || fault.service !== "Azure DevOps" || (status !== 401 && status !== 203)) return fault;
      const minutes = Math.round((clock.now() - began) / 60_000);
      const said = `${fault.code}: ${fault.message} The token was good when this step began, ${minutes} min ago.`;
      return new ServiceFault(fault.service, "TokenExpired", said, fault.details);
    },
  };
}
