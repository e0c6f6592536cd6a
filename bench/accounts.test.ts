import { isIPv4 } from 'node:net';
import { addressOf } from './accounts';

test('gives each account an address of its own', () => {
  const addresses = Array.from({ length: 1_000 }, (_none, index) => addressOf(index));
  expect(new Set(addresses).size).toBe(1_000);
  expect(addresses.every(isIPv4)).toBe(true);
  expect(addressOf(0x01_02_03)).toBe('10.1.2.3');
});
