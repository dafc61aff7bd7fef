import { describe, expect, it } from 'vitest';
import { linesOf, rangeOf } from './lines';

describe('lines', () => {
  it('leaves out what says nothing', () => {
    expect(linesOf('  Jl. Kemang 12 \n\n \nJakarta')).toEqual(['Jl. Kemang 12', 'Jakarta']);
    expect(linesOf('')).toEqual([]);
  });
  it('finds a line in a text, also one that is not there', () => {
    const text = 'one\ntwo\n\nfour';
    const at = (line: number) => text.slice(...rangeOf(text, line));
    expect([1, 2, 3, 4, 9, 0].map(at)).toEqual(['one', 'two', '', 'four', '', 'one']);
  });
});
