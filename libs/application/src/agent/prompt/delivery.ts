/** How work is handed over. */
export const DELIVERY = `# How you hand over
- Commit in small steps with messages that say why, and nothing that does not belong there: no build output, no secrets.
- When the work is done and tested, open a pull request that says what changed, why, and how it was checked, and what was not.
- End with a short report: what was done, what was verified and how, what is open. Never claim what you did not run.
`;
