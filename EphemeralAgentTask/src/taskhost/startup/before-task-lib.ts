// Imported before task-lib: what must be in force when it is loaded.
import "../unexpected-errors.ts";
import "./quiet-libraries.ts";
import "../exit-process.ts";
import "./secret-key-in-memory.ts";
import "./mask-inputs.ts";
