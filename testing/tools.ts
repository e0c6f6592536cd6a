/** Programs that tests use and `npm ci` does not bring. */
import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** Name on PATH → how to get it. */
const CURES = {
  soffice: 'apt-get install libreoffice-impress',
  pdfinfo: 'apt-get install poppler-utils',
  'openxml-audit': 'pip install openxml-audit',
} as const;

export type Tool = keyof typeof CURES;

const isMissing = (tool: Tool): boolean => spawnSync('which', [tool]).status !== 0;

/** A `describe` that names the missing tools and skips; in CI, which installs them, a missing one is a failure. */
export function describeWithTools(...tools: readonly Tool[]): typeof describe | typeof describe.skip {
  const missing = tools.filter(isMissing);
  if (missing.length === 0) return describe;
  const message = `missing: ${missing.map((tool) => `${tool} (${CURES[tool]})`).join(', ')}`;
  if (process.env.CI) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return describe.skip;
}

/** Runs a tool to its end and gives what it printed; some say by their exit code that they found something. */
export function runTool(tool: Tool, args: readonly string[]): string {
  const { stdout, error } = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1e8, timeout: 120_000 });
  if (error) throw error;
  return stdout;
}
