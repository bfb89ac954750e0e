/** What the harness itself says to a model starts with this, so that no one takes it for the person's words. */
export const HARNESS_NOTE = '[harness]';
