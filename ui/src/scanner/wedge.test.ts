import { describe, expect, it } from 'vitest';
import { stripCode, Wedge, type End } from './wedge';

/** Feeds a code with `gap` ms between its keys, beginning at `from`; returns the time after the last key. */
function feed(wedge: Wedge, code: string, from: number, gap: number, repeat = false): number {
  let at = from;
  for (const char of code) {
    wedge.char(char, at, repeat);
    at += gap;
  }
  return at;
}

function scan(wedge: Wedge, code: string, from: number, gap = 8): { end: End; at: number } {
  const at = feed(wedge, code, from, gap);
  return { end: wedge.end(at), at };
}

describe('wedge', () => {
  it('reads a burst that ends with Enter as one code', () => {
    expect(scan(new Wedge(), '8992761111113', 1_000).end).toEqual({ kind: 'scan', code: '8992761111113' });
  });

  it('takes a gap of exactly the limit and refuses one above', () => {
    expect(scan(new Wedge({ gapMs: 50 }), '12345', 0, 50).end).toEqual({ kind: 'scan', code: '12345' });
    const slow = new Wedge({ gapMs: 50 });
    const released: string[] = [];
    let at = 0;
    for (const char of '12345') {
      released.push(slow.char(char, at));
      at += 51;
    }
    expect(released).toEqual(['', '1', '2', '3', '4']);
    expect(slow.end(at)).toEqual({ kind: 'typed', released: '5' });
  });

  it('never takes fewer than three characters for a scan', () => {
    expect(scan(new Wedge(), '12', 0).end).toEqual({ kind: 'typed', released: '12' });
    expect(scan(new Wedge(), '123', 0).end).toEqual({ kind: 'scan', code: '123' });
  });

  it('does not take digits and a late Enter for a scan', () => {
    const wedge = new Wedge();
    const at = feed(wedge, '50000', 0, 10);
    expect(wedge.end(at + 200)).toEqual({ kind: 'typed', released: '50000' });
  });

  it('gives held digits back when the gap is over', () => {
    const wedge = new Wedge();
    wedge.char('5', 100);
    expect(wedge.idle(150)).toBe('');
    expect(wedge.idle(151)).toBe('5');
    expect(wedge.pending).toBe(false);
  });

  it('keeps a pending quantity apart from the scan after it', () => {
    const wedge = new Wedge();
    wedge.char('3', 0);
    expect(wedge.char('8', 400)).toBe('3');
    const at = feed(wedge, '992761111113', 408, 8);
    expect(wedge.end(at)).toEqual({ kind: 'scan', code: '8992761111113' });
  });

  it('counts two true scans of one code twice, however close', () => {
    const wedge = new Wedge();
    const first = scan(wedge, '8992761111113', 0, 2);
    const second = scan(wedge, '8992761111113', first.at + 20, 2);
    expect(first.end.kind).toBe('scan');
    expect(second.end.kind).toBe('scan');
  });

  it('ignores an identical burst of key repeats within 300 ms', () => {
    const wedge = new Wedge();
    const first = scan(wedge, '4006381333931', 0, 2);
    let at = first.at + 20;
    for (const [index, char] of [...'4006381333931'].entries()) {
      wedge.char(char, at, index % 2 === 0);
      at += 2;
    }
    expect(wedge.end(at, true)).toEqual({ kind: 'repeated' });
  });

  it('counts a repeated burst again when more than 300 ms lie between', () => {
    const wedge = new Wedge();
    const first = scan(wedge, '4006381333931', 0, 2);
    const at = feed(wedge, '400638133393', first.at + 400, 2);
    wedge.char('1', at, true);
    expect(wedge.end(at + 2).kind).toBe('scan');
  });

  it('counts another code within 300 ms even with key repeats', () => {
    const wedge = new Wedge();
    const first = scan(wedge, '4006381333931', 0, 2);
    const at = feed(wedge, '96385074', first.at + 10, 2);
    expect(wedge.end(at, true)).toEqual({ kind: 'scan', code: '96385074' });
  });

  it('swallows an Enter that is held down after a scan', () => {
    const wedge = new Wedge();
    const { at } = scan(wedge, '96385074', 0);
    expect(wedge.end(at + 30, true)).toEqual({ kind: 'repeated' });
    expect(wedge.end(at + 30, false)).toEqual({ kind: 'typed', released: '' });
    expect(wedge.end(at + 500, true)).toEqual({ kind: 'typed', released: '' });
  });

  it('takes one key held down for a person leaning on it', () => {
    const wedge = new Wedge();
    wedge.char('7', 0, false);
    const at = feed(wedge, '777777', 30, 30, true);
    expect(wedge.end(at)).toEqual({ kind: 'typed', released: '7777777' });
  });

  it('reads codes with letters, dashes and GS1 separators', () => {
    expect(scan(new Wedge(), 'KOTA-T3-000123', 0).end).toEqual({ kind: 'scan', code: 'KOTA-T3-000123' });
    const gs1 = `]C1010899276111111310ABC\u001d21XYZ`;
    expect(scan(new Wedge(), gs1, 0).end).toEqual({ kind: 'scan', code: `010899276111111310ABC\u001d21XYZ` });
  });

  it('reads two scans back to back as two codes', () => {
    const wedge = new Wedge();
    const first = scan(wedge, '96385074', 0, 1);
    const second = scan(wedge, '8992761111113', first.at + 1, 1);
    expect([first.end, second.end]).toEqual([
      { kind: 'scan', code: '96385074' },
      { kind: 'scan', code: '8992761111113' },
    ]);
  });

  it('releases what a person typed before a scan begins', () => {
    const wedge = new Wedge();
    wedge.char('m', 0);
    expect(wedge.char('i', 120)).toBe('m');
    expect(wedge.char('9', 300)).toBe('i');
    const at = feed(wedge, '6385074', 305, 5);
    expect(wedge.end(at)).toEqual({ kind: 'scan', code: '96385074' });
  });

  it('follows a changed gap', () => {
    const wedge = new Wedge();
    wedge.gapMs = 100;
    expect(scan(wedge, '96385074', 0, 90).end.kind).toBe('scan');
  });

  it('never keeps characters after an end key', () => {
    const wedge = new Wedge();
    scan(wedge, '12', 0);
    expect(wedge.length).toBe(0);
    expect(wedge.flush()).toBe('');
  });
});

describe('stripCode', () => {
  it('drops symbology identifiers and blanks around the code', () => {
    expect(stripCode(']E08992761111113')).toBe('8992761111113');
    expect(stripCode(' 96385074 ')).toBe('96385074');
    expect(stripCode('ABC-1')).toBe('ABC-1');
  });
});
