/** Ends the next step of what people get wrong in their first set-up. */
export const readAtOnce = "'action: check' reads all of this at once.";
