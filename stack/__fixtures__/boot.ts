/** A whole stack with programs that are played: `boot.ts <worker> [migration's complaint]`. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../config';
import { run } from '../run';

const [, , worker = 'worker', complaint] = process.argv;
const config = loadConfig();
const file = (name: string) => path.join(__dirname, `${name}.js`);

async function migrate(): Promise<void> {
  if (complaint) throw new Error(complaint);
  appendFileSync(path.join(config.data_dir, 'order.txt'), 'migrated\n');
}

void run(config, { migrate, programs: { worker: file(worker), api: file('api') } }).then((code) =>
  process.exit(code),
);
