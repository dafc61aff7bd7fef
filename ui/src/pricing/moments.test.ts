import { describe, expect, it } from 'vitest';
import { dayText, hoursOf, isDay, minutesOf, momentOf, momentText, timeText } from './moments';

describe('hours', () => {
  it('stand as text and are read again', () => {
    for (const minutes of [0, 5, 960, 1_439, 1_440]) expect(minutesOf(timeText(minutes))).toBe(minutes);
    expect(timeText(965)).toBe('16:05');
    expect([minutesOf('9'), minutesOf('16.30'), minutesOf(' 7:00 ')]).toEqual([540, 990, 420]);
    for (const text of ['', '24:01', '12:60', '7:5', 'noon']) expect(minutesOf(text), text).toBeNull();
  });

  it('are a pair or none, may go over midnight, and never begin where they end', () => {
    expect(hoursOf('', ' ')).toBeNull();
    expect(hoursOf('16:00', '18:00')).toEqual([960, 1_080]);
    expect(hoursOf('22:00', '02:00')).toEqual([1_320, 120]);
    expect(hoursOf('00:00', '24:00')).toEqual([0, 1_440]);
    for (const [from, until] of [
      ['16:00', ''],
      ['16:00', '16:00'],
      ['24:00', '02:00'],
      ['x', '18:00'],
    ] as const) {
      expect(hoursOf(from, until), `${from} ${until}`).toBe('wrong');
    }
  });
});

describe('moments', () => {
  it('are of the outlet’s clock', () => {
    const at = Date.UTC(2026, 11, 1, 2, 0);
    expect(momentText(at, 'Asia/Jakarta')).toBe('2026-12-01 09:00');
    expect(momentOf('2026-12-01 09:00', 'Asia/Jakarta')).toBe(at);
    expect(momentOf('2026-12-1 9.00', 'Asia/Jakarta')).toBe(at);
    expect(momentOf('2026-12-01', 'Asia/Jakarta')).toBe(Date.UTC(2026, 10, 30, 17));
  });

  it('are found on both sides of a change of the clock', () => {
    for (const text of ['2026-03-29 01:30', '2026-03-29 03:30', '2026-10-25 12:00']) {
      expect(momentText(momentOf(text, 'Europe/Stockholm') ?? 0, 'Europe/Stockholm')).toBe(text);
    }
  });

  it('that no calendar has are none', () => {
    for (const text of ['', '2026-02-30', '2026-13-01', '2026-12-01 25:00', 'tomorrow']) {
      expect(momentOf(text, 'Asia/Jakarta'), text).toBeNull();
    }
  });

  it('have a day, and days before it', () => {
    const evening = Date.UTC(2026, 11, 1, 18);
    expect(dayText(evening, 'Asia/Jakarta')).toBe('2026-12-02');
    expect(dayText(evening, 'Asia/Jakarta', 6)).toBe('2026-11-26');
    expect([isDay('2026-02-28'), isDay('2026-02-30'), isDay('2026-2-1'), isDay('')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
