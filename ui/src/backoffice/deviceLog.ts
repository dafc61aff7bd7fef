import type { DeviceLogEntry } from '../api/bindings/DeviceLogEntry';
import type { Texts } from '../i18n/texts.svelte';

/** A line of the devices' log in words. */
export interface LogLine {
  device: string;
  what: string;
  details: string;
}

/** What kind of device it is. */
const kindOf = (kind: string, texts: Texts): string =>
  kind === 'printer' ? texts.t('printers-edit-title') : texts.word(`devices-kind-${kind}`, 'devices-kind');

function whatOf({ what }: DeviceLogEntry, texts: Texts): string {
  const [of, state] = [what.slice(0, what.indexOf('_')), what.slice(what.indexOf('_') + 1)];
  if (of === 'print') return texts.word(`print-state-${state}`, 'print-state-unknown');
  if (of === 'payment' || of === 'refund') {
    return `${texts.t(`cards-kind-${of}`)}: ${texts.word(`devices-log-card-${state}`, 'devices-log-card-unknown')}`;
  }
  return texts.word(`devices-log-${what}`, 'devices-log-what');
}

function problemOf({ kind, problem }: DeviceLogEntry, texts: Texts): string | null {
  if (problem === null) return null;
  if (kind === 'printer') return texts.word(`printer-error-${problem}`, 'printer-error-unknown');
  return kind === 'card' ? null : texts.t('devices-silent');
}

/** An entry as a person reads it. */
export function lineOf(entry: DeviceLogEntry, texts: Texts): LogLine {
  const details = [entry.subject, problemOf(entry, texts), entry.detail];
  return {
    device: [entry.name, kindOf(entry.kind, texts)].filter(Boolean).join(' · '),
    what: whatOf(entry, texts),
    details: details.filter(Boolean).join(' · '),
  };
}

/** A cell as RFC 4180 writes it; what a spreadsheet would compute is kept a text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The log as a table that any spreadsheet opens, with the words of the engine beside those for people. */
export function logFile(entries: readonly DeviceLogEntry[], texts: Texts): Uint8Array<ArrayBuffer> {
  const head = [
    `${texts.t('devices-log-time')} (UTC)`,
    texts.t('devices-log-device'),
    texts.t('devices-log-what'),
    texts.t('devices-log-detail'),
    'kind',
    'what',
    'problem',
  ];
  const rows = entries.map((entry) => {
    const { device, what, details } = lineOf(entry, texts);
    return [new Date(entry.at).toISOString(), device, what, details, entry.kind, entry.what, entry.problem ?? ''];
  });
  const text = [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
  // Without the mark, spreadsheets read UTF-8 as the letters of their country.
  return new TextEncoder().encode(`\uFEFF${text}\r\n`);
}
