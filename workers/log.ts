/** Temporal's log lines as the rest of the program's: JSON by pino. */
import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Said of every queue that carries activities alone, which is how all but one are meant. */
const EXPECTED = 'No workflows registered';

const LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

export function temporalLogger(log: Logger, level: LogLevel): DefaultLogger {
  return new DefaultLogger(level, (entry: LogEntry) => {
    if (!entry.message.startsWith(EXPECTED)) log[LEVELS[entry.level]](entry.meta ?? {}, entry.message);
  });
}
