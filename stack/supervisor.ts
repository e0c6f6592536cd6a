import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Lock, lock } from './lock';
import type { Log } from './log';
import type { Part, PartError, PartName, Urls } from './part';
import { PortChooser } from './ports';
import { adopt, end } from './process';
import { readRunRecord, removeRecord } from './record';
import { Supervised } from './supervised';

const LEFTOVER_GRACE_MS = 10_000;

/** Who takes work stops first, who holds state last: the worker still reports to Temporal while it drains. */
const STOP_ORDER: readonly (readonly PartName[])[] = [
  ['api'],
  ['worker'],
  ['chroma', 'database', 'redis'],
  ['temporal'],
];

export function stopOrder<T extends { readonly part: Pick<Part, 'name'> }>(running: readonly T[]): T[][] {
  const groups = STOP_ORDER.map((names) => running.filter(({ part }) => names.includes(part.name)));
  return groups.filter((group) => group.length > 0);
}

/** All parts on one data folder. There is one supervisor per folder; a second one is refused. */
export class Supervisor {
  /** Resolves when a part has crashed too often. */
  readonly failure: Promise<PartError>;
  private readonly parts: Supervised[] = [];
  private readonly ports = new PortChooser();
  private readonly claim: Lock;
  private readonly interruption = new AbortController();
  private fail: (error: PartError) => void = () => undefined;
  private starting: readonly Promise<void>[] = [];
  private stopping: Promise<void> | undefined;
  private readonly killAtExit = () => this.kill();

  constructor(
    private readonly dataDir: string,
    private readonly log: Log,
  ) {
    mkdirSync(dataDir, { recursive: true });
    this.claim = lock(dataDir);
    this.failure = new Promise((resolve) => (this.fail = resolve));
    process.once('exit', this.killAtExit);
  }

  /** Side by side. When one fails, the starts of the others are broken off and everything is stopped. */
  async start(parts: readonly Part[]): Promise<Partial<Urls>> {
    const started = parts.map((part) => this.supervise(part));
    this.parts.push(...started);
    this.starting = started.map((one) => one.start());
    try {
      await Promise.all(this.starting);
    } catch (error) {
      await this.stop();
      throw error;
    }
    const urls = this.urls;
    this.claim.announce(urls);
    return urls;
  }

  /** Ends what an earlier supervisor left of these, before anything changes under them. */
  async endLeftovers(names: readonly PartName[]): Promise<void> {
    for (const file of names.map((name) => this.recordFileOf(name))) {
      const leftover = readRunRecord(file);
      if (leftover) await end(adopt(leftover), { signal: 'SIGTERM', graceMs: LEFTOVER_GRACE_MS });
      removeRecord(file);
    }
  }

  get urls(): Partial<Urls> {
    return this.parts.reduce<Partial<Urls>>((urls, one) => ({ ...urls, ...one.urls }), {});
  }

  /** In order, and once: whoever asks again waits for the same end. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** Synchronous, for a process that is about to exit. What is left to tidy, the next start does. */
  kill(): void {
    for (const one of this.parts) one.kill();
  }

  private async stopAll(): Promise<void> {
    this.interruption.abort();
    await Promise.allSettled(this.starting);
    for (const group of stopOrder(this.parts)) await Promise.all(group.map((one) => one.stop()));
    this.claim.release();
    process.off('exit', this.killAtExit);
  }

  private supervise(part: Part): Supervised {
    return new Supervised(part, {
      recordFile: this.recordFileOf(part.name),
      logFile: path.join(this.dataDir, 'logs', `${part.name}.log`),
      log: this.log,
      ports: this.ports,
      signal: this.interruption.signal,
      onGivenUp: (error) => this.fail(error),
    });
  }

  private recordFileOf(name: PartName): string {
    return path.join(this.dataDir, 'run', `${name}.json`);
  }
}
