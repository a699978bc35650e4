// IPv6 addresses by number: each address one number, counted from 0 in the order in which they are first seen.
import { expect, test } from 'vitest';
import { Addresses6 } from '../../analyzer/decode/addresses6.ts';
import { addressBytes } from '../../sample-pcaps/addresses.ts';
import { viewOf } from '../setup/counting.ts';

const view = viewOf(new Uint8Array(16));

/** The number of the address that has these four words. */
function numberOf(addresses: Addresses6, words: number[]): number {
  for (const [index, word] of words.entries()) view.setUint32(4 * index, word);
  return addresses.number(view, 0);
}

test.each([0, 1, 2, 3])('addresses that differ only in word %i have numbers of their own', (word) => {
  const addresses = new Addresses6();
  // Many more than there is room for at first, so that the table grows.
  const all = Array.from({ length: 5000 }, (_, number) => [0x20010db8, 0, 0xffffffff, 1].with(word, number * 0x10001));
  const numbers = all.map((words) => numberOf(addresses, words));
  expect(numbers).toEqual(all.map((_, number) => number));
  expect(all.map((words) => numberOf(addresses, words))).toEqual(numbers);
  expect(addresses.size).toBe(5000);
  expect([...addresses.words.subarray(0, 4 * 5000)]).toEqual(all.flat());
});

test('the address is read where it lies, in network order', () => {
  const addresses = new Addresses6();
  const bytes = new Uint8Array(20);
  bytes.set(addressBytes('2001:db8::7'), 3);
  addresses.number(viewOf(bytes), 3);
  expect([...addresses.words.subarray(0, 4)]).toEqual([0x20010db8, 0, 0, 7]);
});

test('a cleared table begins again at 0', () => {
  const addresses = new Addresses6();
  numberOf(addresses, [1, 2, 3, 4]);
  numberOf(addresses, [5, 6, 7, 8]);
  addresses.clear();
  expect([numberOf(addresses, [5, 6, 7, 8]), addresses.size]).toEqual([0, 1]);
});
