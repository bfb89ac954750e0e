/** Whether everything is tried at its full size: the emulator tier does, `npm test` has five minutes. */
export const IS_FULL_SIZE = process.env['SWE_TEST_FULL'] === '1';
