module.exports = { displayName: 'adapter-aws', preset: '../../../jest.preset.js' };
