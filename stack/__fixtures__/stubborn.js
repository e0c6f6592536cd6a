// Plays a program that does not stop when it is asked to.
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1000);
process.send({ ready: true });
