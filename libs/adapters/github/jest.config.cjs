module.exports = { displayName: 'adapter-github', preset: '../../../jest.preset.js' };
