import { createEngine } from '../../engine';
import type { FakeRequest } from './fake';

/** Prints its child's process id and waits to be killed. */
const engine = createEngine<FakeRequest, { pid: number }>({
  provider: 'fake',
  script: '__fixtures__/fake',
  load: { label: 'orphan' },
  files: [],
  processes: 1,
  idleMs: 60_000,
});

void engine.run({ kind: 'who' }, new AbortController().signal).then(({ pid }) => {
  console.log(pid);
  setInterval(() => undefined, 1_000);
});
