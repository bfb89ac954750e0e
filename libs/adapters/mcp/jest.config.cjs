module.exports = { displayName: 'adapter-mcp', preset: '../../../jest.preset.js' };
