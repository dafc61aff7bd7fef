import { describe, expect, it } from 'vitest';
import { lineOf } from '../testing/customer';
import { keptLines, recentLines, seenLines } from './lines';

const three = [lineOf('a'), lineOf('b'), lineOf('c')];

describe('the lines a customer sees', () => {
  it('are the same objects unless they changed', () => {
    const now = [lineOf('a'), lineOf('b', { quantity: '2' }), lineOf('c'), lineOf('d')];
    const kept = keptLines(three, now);
    expect(kept).toEqual(now);
    expect(kept.map((line) => three.includes(line))).toEqual([true, false, true, false]);
  });

  it('are the last ones, or those from the one that changed', () => {
    const ids = (changed: string | null, most: number) => recentLines(three, changed, most).map((line) => line.line_id);
    expect(ids('c', 2)).toEqual(['b', 'c']);
    expect(ids(null, 2)).toEqual(['b', 'c']);
    expect(ids('gone', 2)).toEqual(['b', 'c']);
    expect(ids('a', 2)).toEqual(['a', 'b']);
    expect(ids('b', 9)).toEqual(['a', 'b', 'c']);
    expect(recentLines([], null, 2)).toEqual([]);
  });

  it.each([
    { what: 'all when there is room', heights: [10, 10, 10], room: 30, changed: 2, seen: [0, 3] },
    { what: 'the last ones that fit whole', heights: [10, 10, 20, 10], room: 35, changed: 3, seen: [2, 4] },
    { what: 'the last ones when none changed', heights: [10, 10, 20, 10], room: 35, changed: -1, seen: [2, 4] },
    { what: 'from the one that changed', heights: [10, 10, 20, 10], room: 35, changed: 0, seen: [0, 2] },
    { what: 'the one that changed, however high', heights: [10, 50, 10], room: 30, changed: 1, seen: [1, 2] },
    { what: 'the last one that changed, however high', heights: [10, 50], room: 30, changed: 1, seen: [1, 2] },
    { what: 'nothing of nothing', heights: [], room: 30, changed: -1, seen: [0, 0] },
  ])('are $what', ({ heights, room, changed, seen }) => {
    expect(seenLines(heights, room, changed)).toEqual(seen);
  });
});
