/**
 * Lints snippets as if they were files of this repository: JSON `[{ file, code }]` on stdin, the messages on stdout.
 * A program of its own, because jest's sandbox cannot import eslint.config.mjs.
 */
import { json } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const eslint = new ESLint({
  cwd: process.cwd(),
  // The files are not there, so there is nothing to infer types from.
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } },
  ],
});

const found = [];
for (const { file, code } of await json(process.stdin)) {
  const [result] = await eslint.lintText(code, { filePath: file, warnIgnored: true });
  found.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
}
process.stdout.write(JSON.stringify(found));
