/** The action ids of buttons that choose an answer begin with this. */
export const CHOICE_ACTION = 'swe_choice_';
