/**
 * @swc/jest, with the boilerplate of its CommonJS exports left out of coverage: it writes a getter per export,
 * which istanbul would count as a function and a statement that hardly any test calls.
 */
const { createTransformer } = require('@swc/jest');

const EXPORTS = /^(_export\(exports, \{|Object\.defineProperty\(exports, "(?!__esModule))/gm;

const withoutExports = (made) => ({
  ...made,
  code: made.code.replace(EXPORTS, '/* istanbul ignore next */ $1'),
});

module.exports = {
  createTransformer(options) {
    const swc = createTransformer(options);
    return {
      ...swc,
      process: (...source) => withoutExports(swc.process(...source)),
      processAsync: async (...source) => withoutExports(await swc.processAsync(...source)),
      getCacheKey: (...source) => `${swc.getCacheKey(...source)}-exports`,
    };
  },
};
