import { expect, it } from 'vitest';
import type { DeviceLogEntry } from '../api/bindings/DeviceLogEntry';
import { Texts } from '../i18n/texts.svelte';
import { lineOf, logFile } from './deviceLog';

const texts = new Texts();

const entry = (given: Partial<DeviceLogEntry>): DeviceLogEntry => ({
  at: Date.UTC(2026, 10, 30, 3, 4, 5),
  kind: 'printer',
  name: 'Dapur',
  what: 'well',
  subject: null,
  problem: null,
  detail: null,
  ...given,
});

it.each([
  [{ what: 'set_up', detail: 'tcp://10.0.0.9:9100' }, 'Set up', 'tcp://10.0.0.9:9100'],
  [{ what: 'unwell', problem: 'paper_out' }, 'Does not work', 'Printer has no paper'],
  [{ what: 'unwell', problem: 'ribbon_torn' }, 'Does not work', 'Printer needs a look'],
  [
    { what: 'print_unknown', subject: 'KOTA-T1-7', problem: 'interrupted' },
    'Perhaps printed – look',
    'KOTA-T1-7 · Printing was interrupted – look at the paper',
  ],
  [
    { kind: 'scale', what: 'unwell', problem: 'unreachable', detail: 'no answer' },
    'Does not work',
    'Does not answer · no answer',
  ],
  [{ kind: 'card', what: 'payment_approved' }, 'Payment: approved', ''],
  [{ kind: 'card', what: 'refund_refused', problem: 'declined', detail: '51' }, 'Refund: refused', '51'],
  [{ what: 'danced' }, 'What happened', ''],
])('says in words what happened: %o', (given, what, details) => {
  expect(lineOf(entry(given), texts)).toMatchObject({ what, details });
});

it('names the device and its kind', () => {
  expect(lineOf(entry({}), texts).device).toBe('Dapur · Printer');
  expect(lineOf(entry({ kind: 'scale', name: '' }), texts).device).toBe('Scale');
});

it('becomes a table in which nothing is computed and nothing breaks out of its cell', () => {
  const entries = [entry({ name: '=1+1, "x"' }), entry({ name: 'Cà phê', what: 'print_printed', subject: '-5' })];
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(logFile(entries, texts));
  expect(text).toBe(
    '\uFEFFTime (UTC),Device,What happened,Details,kind,what,problem\r\n' +
      `2026-11-30T03:04:05.000Z,"'=1+1, ""x"" · Printer",Works,,printer,well,\r\n` +
      "2026-11-30T03:04:05.000Z,Cà phê · Printer,Printed,'-5,printer,print_printed,\r\n",
  );
});
