module.exports = {
  // When to call it a hang: far longer than anything takes, for a machine under load is no failure of ours.
  testTimeout: 120_000,
  projects: [
    '<rootDir>/libs/*/jest.config.cjs',
    '<rootDir>/libs/adapters/*/jest.config.cjs',
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/{infra,tools}/jest.config.cjs',
  ],
};
