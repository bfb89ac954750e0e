module.exports = { displayName: 'adapter-ai-sdk', preset: '../../../jest.preset.js' };
