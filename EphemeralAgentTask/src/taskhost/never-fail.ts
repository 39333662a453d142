// Imported first by the post-job step.
import { neverFail } from "./unexpected.ts";

neverFail();
