// What has to be in force before task-lib is loaded.
import "./unexpected.ts";
import "./quiet-libraries.ts";
import "./leave.ts";
import "./key-in-memory.ts";
import "./mask-first.ts";
