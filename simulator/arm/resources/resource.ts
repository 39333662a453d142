// A resource as ARM keeps it.

import type { JsonObject } from "../json-body.ts";

export type Resource = JsonObject & { readonly id: string; readonly name: string; readonly type: string };
