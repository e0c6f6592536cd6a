import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, countQuickFailures, restartDelayMs, STANDARD_BACKOFF } from './backoff';
import { isAlive } from './identity';
import { PartLog, levelOf, type Log } from './log';
import { type Launch, type Part, PartError, type Ports, reasonOf, type Urls } from './part';
import { allFree, type PortChooser } from './ports';
import { adopt, end, kill, type Running, start } from './process';
import { INTERRUPTED, untilReady } from './ready';
import { readRunRecord, removeRecord, type RunRecord, writeRecord } from './record';

const ADOPTION_TIMEOUT_MS = 3_000;
/** Another program may take a port between its choice and its use. */
const PORT_TRIES = 3;

export interface Surroundings {
  readonly recordFile: string;
  readonly logFile: string;
  readonly log: Log;
  readonly ports: PortChooser;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  onGivenUp(error: PartError): void;
}

/** One part kept running: started (or adopted) once, restarted after a crash, ended for good. */
export class Supervised {
  private readonly partLog: PartLog;
  private readonly ending = new AbortController();
  private running: Running | undefined;
  private ports: Ports;
  /** Absent while it is being started. */
  private readyAt: number | undefined;
  private logStart = 0;
  private quickFailures = 0;

  constructor(
    readonly part: Part,
    private readonly around: Surroundings,
  ) {
    this.ports = part.ports;
    this.partLog = new PartLog(around.logFile, (line) => this.forward(line));
  }

  get urls(): Partial<Urls> {
    return this.part.urls(this.ports);
  }

  async start(): Promise<void> {
    const leftover = readRunRecord(this.around.recordFile);
    try {
      const adopted = leftover && isAlive(leftover) && (await this.takeOver(leftover));
      if (!adopted) await this.startOnFreePorts();
    } catch (error) {
      throw this.failure('did not start', reasonOf(error));
    }
    this.watch();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    if (this.running) await end(this.running, { signal: this.part.stopSignal, graceMs: this.part.graceMs });
    removeRecord(this.around.recordFile);
    this.partLog.close();
  }

  /** Synchronous, for a process that is about to exit. */
  kill(): void {
    this.ending.abort();
    if (this.running) kill(this.running);
  }

  /** Keeps what an earlier supervisor left when it is healthy and was started as we would, else ends it. */
  private async takeOver(leftover: RunRecord): Promise<boolean> {
    const running = adopt(leftover);
    this.ports = leftover.ports;
    const same = sameCommand(leftover, await this.part.launch(leftover.ports));
    if (same && this.part.check && (await this.answers(running))) {
      this.say('info', `adopted process ${leftover.pid} of an earlier supervisor`);
      this.running = running;
      return true;
    }
    this.say('info', `ending process ${leftover.pid} of an earlier supervisor`);
    await end(running, { signal: this.part.stopSignal, graceMs: this.part.graceMs });
    return false;
  }

  private async answers(running: Running): Promise<boolean> {
    return this.untilServing(running, ADOPTION_TIMEOUT_MS).then(
      () => true,
      () => false,
    );
  }

  private async startOnFreePorts(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.ports = await this.around.ports.chooseAll(this.part.ports);
      try {
        return await this.launch();
      } catch (error) {
        if (attempt === PORT_TRIES || (await allFree(this.ports))) throw error;
      }
    }
  }

  /** Resolves once the part serves; otherwise ends what it started, and says why. */
  private async launch(): Promise<void> {
    const startedAt = Date.now();
    this.logStart = this.partLog.size;
    try {
      const launch = await this.part.launch(this.ports);
      if (this.isInterrupted) throw new Error(INTERRUPTED);
      this.running = this.partLog.open((logFd) => start(launch, logFd));
      this.record(launch);
      await this.untilServing(this.running, this.part.readyTimeoutMs);
    } catch (error) {
      if (this.running) await end(this.running, { signal: this.part.stopSignal, graceMs: this.part.graceMs });
      removeRecord(this.around.recordFile);
      throw error;
    }
    this.say('info', `ready after ${((Date.now() - startedAt) / 1000).toFixed(2)} s`);
  }

  private record(launch: Launch): void {
    const identity = this.running?.identity;
    if (!identity) return;
    const command = [launch.command, ...launch.args];
    writeRecord(this.around.recordFile, { ...identity, ports: this.ports, command });
  }

  private async untilServing(running: Running, timeoutMs: number): Promise<void> {
    const signal = AbortSignal.any([this.around.signal, this.ending.signal]);
    await untilReady({ part: this.part, ports: this.ports, running, timeoutMs, signal });
    await this.part.prepare?.(this.ports);
    this.readyAt = Date.now();
  }

  private get isInterrupted(): boolean {
    return this.around.signal.aborted || this.ending.signal.aborted;
  }

  private watch(): void {
    void this.running?.exited.then((how) => {
      if (!this.ending.signal.aborted) void this.restart(how);
    });
  }

  private async restart(how: string): Promise<void> {
    const { backoff = STANDARD_BACKOFF } = this.around;
    const servedForMs = this.readyAt === undefined ? 0 : Date.now() - this.readyAt;
    this.quickFailures = countQuickFailures(this.quickFailures, servedForMs, backoff);
    this.clearAway();
    if (this.quickFailures >= backoff.limit) return this.giveUp(how);
    const delayMs = restartDelayMs(this.quickFailures, backoff);
    this.say('warn', `${how}; starting it again in ${delayMs / 1000} s`);
    try {
      await sleep(delayMs, undefined, { signal: this.ending.signal });
      await this.launch();
      this.watch();
    } catch (error) {
      if (!this.ending.signal.aborted) await this.restart(reasonOf(error));
    }
  }

  /** A process that has ended may have left children of its own. */
  private clearAway(): void {
    if (this.running) kill(this.running);
    this.running = undefined;
    this.readyAt = undefined;
  }

  private giveUp(how: string): void {
    this.around.onGivenUp(this.failure(`failed ${this.quickFailures} times in a row`, how));
  }

  private failure(what: string, why: string): PartError {
    const words = this.partLog.lastWords(this.logStart);
    const said = words ? `; it said: ${words}` : '';
    return new PartError(
      this.part.title,
      `${what}: ${why}${said} (log: ${this.around.logFile})`,
      this.part.cure,
    );
  }

  /** What a part says while it is being stopped is for its log file only. */
  private forward(line: string): void {
    const quiet = this.ending.signal.aborted || this.part.harmless?.test(line);
    this.say(quiet ? 'debug' : levelOf(line), line);
  }

  private say(level: 'debug' | 'info' | 'warn', text: string): void {
    this.around.log(level, this.part.name, text);
  }
}

function sameCommand(record: RunRecord, launch: Launch): boolean {
  return JSON.stringify(record.command) === JSON.stringify([launch.command, ...launch.args]);
}
