// Sends a request to Azure DevOps and compares the answer with recordings.
import type { Call } from "../../devops/fixture/https-request.ts";
import type { Stand } from "../../devops/fixture/organization-fixture.ts";
import type { Looks } from "../looks.ts";

interface Listed {
  readonly value: readonly { readonly id: number }[];
}

/** How a scene asks Azure DevOps and has the answer compared. @returns a function whose result is the answer's body */
export const devopsLook =
  (stand: Stand, looks: Looks) =>
  async (key: string, path: string, call: Partial<Call> = {}): Promise<Listed> => {
    const [method = ""] = key.split(" ");
    const { status, headers, text, json } = await stand.call(method, path, { apiVersion: "7.1", ...call });
    await looks.at(key, Promise.resolve({ status, headers, text, json: () => json }));
    return json as unknown as Listed;
  };
