import { existsSync } from 'node:fs';
import { loadConfig } from '../config';
import { migrate } from '../prisma/migrate';
import { reasonOf } from './part';
import { run } from './run';

void main().then((code) => process.exit(code));

async function main(): Promise<number> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return await run(loadConfig(), { migrate });
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    return 1;
  }
}
