// Software that knows nothing of ours: a parser reads what our till prints, and another till asks our emulated printer how it
// is.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_IDS } from '../src/counter';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const require = createRequire(import.meta.url);
const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
const programs = process.env.KEDAI_PROGRAMS ?? join(root, 'target/debug');

interface Node {
  ascii: string;
  fn: string;
  offset: number;
}
const npos: { parser(): { parse(bytes: Buffer): Promise<{ error?: unknown; tree: Node[] }> } } = require('npos');
const receiptio: { print(markdown: string, options: string): Promise<string> } = require('receiptio');

const at = setting({ outlet: 'CHO' });

/** The address has a number of its own, because that other till knows one port only. */
const PLACE = '127.0.0.9';
const folder = mkdtempSync(join(tmpdir(), 'kedai-paper-'));
let printer: ChildProcess;

beforeAll(async () => {
  const address = ['--listen', `${PLACE}:9100`, '--control', `${PLACE}:9199`, '--dir', folder, '--no-png'];
  printer = spawn(join(programs, 'kedai-printer-emulator'), address, { stdio: 'ignore' });
  await eventually('the printer', async () => (await control('jobs')).startsWith('ok'));
});

afterAll(() => {
  printer.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Tells the printer something and gives its answer. */
function control(line: string): Promise<string> {
  return new Promise((answered) => {
    const wire = connect(9199, PLACE, () => wire.write(`${line}\n`));
    wire.on('data', (data) => {
      answered(data.toString().trim());
      wire.end();
    });
    wire.on('error', () => answered(''));
  });
}

test('a manager adds a printer and its test page comes out there', async () => {
  const { counter, shop } = at;
  await counter.signIn(shop.person('manager'));
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-printers')).click();
  await counter.at(TEST_IDS.printerAdd).click();
  await counter.at(TEST_IDS.printerName).fill('Bếp 1');
  await counter.at(TEST_IDS.printerTarget).fill(`tcp://${PLACE}:9100`);
  await counter.at(TEST_IDS.printerModel).selectOption('tm-t88v');
  await counter.at(TEST_IDS.printerKeep).click();
  await counter.at(TEST_IDS.printer(1)).waitFor();
  await eventually('its answer', async () => {
    return (await counter.at(TEST_IDS.printer(1)).getAttribute('data-condition')) === 'well';
  });
  await counter.at(TEST_IDS.printerTestOf(1)).click();
  await eventually('the paper', () => readdirSync(folder).some((name) => name.endsWith('.txt')));
  // And it says so, by the word for it, when its cover stands open.
  expect(await control('fault cover-open')).toBe('ok');
  await eventually('the trouble', async () => {
    return (await counter.at(TEST_IDS.printer(1)).getAttribute('data-condition')) === 'cover_open';
  });
  expect(await control('fault none')).toBe('ok');
});

test('another parser takes every print apart, down to its cut', async () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.bin'));
  expect(names.length).toBeGreaterThanOrEqual(1);
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    const { error, tree } = await npos.parser().parse(bytes);
    expect(error, name).toBeFalsy();
    expect([tree[0]?.ascii, tree[0]?.fn], name).toEqual(['ESC', '@']);
    // One byte lost or too many on the way, and the cut would not be found at the end.
    const last = tree.at(-1);
    expect([last?.ascii, last?.fn, last?.offset], name).toEqual(['GS', 'V', bytes.length - 3]);
  }
});

test('another till asks the printer how it is and hears each trouble', async () => {
  const ask = (what: string) => receiptio.print('', `-d ${PLACE} -p escpos -q ${what} -t 5`);
  expect(await ask('printer')).toBe('online');
  for (const [fault, heard] of [
    ['cover-open', 'coveropen'],
    ['paper-out', 'paperempty'],
  ] as const) {
    expect(await control(`fault ${fault}`)).toBe('ok');
    expect(await ask('printer')).toBe(heard);
  }
  expect(await control('fault none')).toBe('ok');
  // At our printer a high level means open; that till has a name for each way round.
  expect(await ask('drawer2')).toBe('drawerclosed');
  expect(await control('drawer open')).toBe('ok');
  expect(await ask('drawer2')).toBe('draweropen');
});
