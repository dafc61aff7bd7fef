import { describe, expect, it } from 'vitest';
import { exempted, switched } from './terms';

describe('the terms of a cart', () => {
  it('takes a word in and out again', () => {
    expect(switched(['gold'], 'staff')).toEqual(['gold', 'staff']);
    expect(switched(['gold', 'staff'], 'gold')).toEqual(['staff']);
  });

  it('exempts nobody without a reason', () => {
    expect(exempted(null, 'exempt', '  ')).toBeNull();
    expect(exempted(null, 'exempt', ' KITAS 12 ')).toEqual({ tax_ids: [], treatment: 'exempt', reason: 'KITAS 12' });
  });

  it('stays with the taxes that were exempted before', () => {
    const before = { tax_ids: ['t1'], treatment: 'exempt', reason: 'a' } as const;
    expect(exempted({ ...before, tax_ids: ['t1'] }, 'reverse_charge', 'b')).toEqual({
      tax_ids: ['t1'],
      treatment: 'reverse_charge',
      reason: 'b',
    });
  });
});
