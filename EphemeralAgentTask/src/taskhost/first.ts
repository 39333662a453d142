// Imported before task-lib: what must be in force when it is loaded.
import "./unexpected.ts";
import "./quiet-libraries.ts";
import "./leave.ts";
import "./key-in-memory.ts";
import "./mask-first.ts";
