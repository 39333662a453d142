// Imported first by the post-job step, so that it never fails a good job.
import { neverFail } from "../unexpected-errors.ts";

neverFail();
