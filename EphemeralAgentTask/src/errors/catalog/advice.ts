// Advice that several errors share.

/** Ends the next step of what people get wrong in their first set-up. */
export const readAtOnce = "'action: check' checks all of this at once.";
