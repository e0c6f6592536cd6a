/** Programs that tests use and `npm ci` does not bring. */
import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';

/** Name on PATH → how to get it. */
const CURES = {
  ffprobe: 'apt-get install ffmpeg',
  soffice: 'apt-get install libreoffice-impress',
  pdfinfo: 'apt-get install poppler-utils',
  pdftotext: 'apt-get install poppler-utils',
  'openxml-audit': 'pip install openxml-audit',
} as const;

export type Tool = keyof typeof CURES;

const isMissing = (tool: Tool): boolean => spawnSync('which', [tool]).status !== 0;

/** Whether all are there. What is missing is named and skipped; in CI, which installs them, that is a failure. */
function present(tools: readonly Tool[]): boolean {
  const missing = tools.filter(isMissing).map((tool) => `${tool} (${CURES[tool]})`);
  if (missing.length === 0) return true;
  const message = `missing: ${missing.join(', ')}`;
  if (process.env.CI) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return false;
}

export const describeWithTools = (...tools: readonly Tool[]): typeof describe | typeof describe.skip =>
  present(tools) ? describe : describe.skip;

export const itWith = (...tools: readonly Tool[]): typeof it | typeof it.skip =>
  present(tools) ? it : it.skip;

/** Runs a tool to its end and gives what it printed; some say by their exit code that they found something. */
export function runTool(tool: Tool, args: readonly string[]): string {
  const { stdout, error } = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1e8, timeout: 120_000 });
  if (error) throw error;
  return stdout;
}

/**
 * Where it recognises Node, pptxgenjs begins to import `node:fs` for pictures given as paths, which we never do,
 * and jest's sandbox refuses dynamic imports. The sandbox has its own copy of `process`.
 */
export function letPptxgenjsRunInJest(): void {
  Object.defineProperty(process.release, 'name', { value: 'jest' });
}
