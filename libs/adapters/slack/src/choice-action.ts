/** The action ids of buttons that choose an answer begin with this. */
export const CHOICE_ACTION = 'swe_choice_';

/** Those of buttons that give the agent a command: only the agent makes them, never its model. */
export const COMMAND_ACTION = 'swe_command_';
