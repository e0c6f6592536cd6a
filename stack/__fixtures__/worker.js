// Plays the worker: takes a moment to drain, and says who still answers then.
const { appendFileSync } = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const say = (text) => appendFileSync(path.join(process.env.LM_DATA_DIR, 'order.txt'), `${text}\n`);
const { TEMPORAL_ADDRESS, DATABASE_URL } = process.env;

function answers(address) {
  const port = Number(/:(\d+)(\/.*)?$/.exec(address)[1]);
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}

process.on('SIGTERM', () => {
  say('worker drains');
  setTimeout(async () => {
    say(`temporal ${await answers(TEMPORAL_ADDRESS)}, database ${await answers(DATABASE_URL)}`);
    process.exit(0);
  }, 300);
});
setInterval(() => undefined, 1000);
say('worker started');
process.send({ ready: true });
