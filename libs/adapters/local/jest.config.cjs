module.exports = { displayName: 'adapter-local', preset: '../../../jest.preset.js' };
