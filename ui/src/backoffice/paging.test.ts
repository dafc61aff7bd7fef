import { describe, expect, it } from 'vitest';
import { pageOf } from './paging';

describe('pages of items', () => {
  it('say which rows are shown and what lies before and after', () => {
    expect(pageOf(0, 100, 250)).toEqual({ from: 1, to: 100, total: 250, before: null, next: 100 });
    expect(pageOf(100, 100, 250)).toEqual({ from: 101, to: 200, total: 250, before: 0, next: 200 });
    expect(pageOf(200, 50, 250)).toEqual({ from: 201, to: 250, total: 250, before: 100, next: null });
  });
  it('know when there is nothing or just one page', () => {
    expect(pageOf(0, 0, 0)).toEqual({ from: 0, to: 0, total: 0, before: null, next: null });
    expect(pageOf(0, 100, 100).next).toBeNull();
  });
});
