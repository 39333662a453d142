// The identity that is shown as the author of every role change.

/** Object id of whoever changes roles: who it was is not kept. */
export const changer = "00000000-0000-0000-0000-000000000001";
