// Plays the worker: takes a moment to drain, and says when it starts and ends.
const { appendFileSync } = require('node:fs');
const path = require('node:path');

const say = (text) => appendFileSync(path.join(process.env.LM_DATA_DIR, 'order.txt'), `${text}\n`);

process.on('SIGTERM', () => {
  setTimeout(() => {
    say('worker drained');
    process.exit(0);
  }, 200);
});
setInterval(() => undefined, 1000);
say('worker started');
process.send({ ready: true });
