module.exports = { displayName: 'adapter-host', preset: '../../../jest.preset.js' };
