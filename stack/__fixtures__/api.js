// Plays the API: listens on its port, and says when it starts and ends.
const { appendFileSync } = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const say = (text) => appendFileSync(path.join(process.env.LM_DATA_DIR, 'order.txt'), `${text}\n`);
const { DATABASE_URL, REDIS_URL, CHROMA_URL, TEMPORAL_ADDRESS } = process.env;

process.on('SIGTERM', () => {
  setTimeout(() => {
    say('api closed');
    process.exit(0);
  }, 200);
});
http
  .createServer((_, answer) => answer.end(JSON.stringify({ DATABASE_URL, REDIS_URL, CHROMA_URL, TEMPORAL_ADDRESS })))
  .listen(Number(process.env.PORT), '127.0.0.1', () => process.send({ ready: true }));
