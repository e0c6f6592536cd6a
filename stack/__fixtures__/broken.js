// Plays a program that cannot start.
console.error('Error: a setting is wrong');
process.exit(1);
