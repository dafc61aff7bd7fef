// Software that knows nothing of ours: one parser reads what we print, one till prints at our emulated printer.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../src/shop.mjs';

const require = createRequire(import.meta.url);
const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
const programs = process.env.KEDAI_PROGRAMS ?? join(root, 'target/debug');
const receipts = join(root, 'hardware/tests/it/data/receipts');

interface Node {
  ascii: string;
  fn: string;
  offset: number;
}
const npos: {
  parser(): {
    parse(bytes: Buffer): Promise<{ error?: unknown; tree: Node[] }>;
  };
} = require('npos');
const receiptio: {
  print(markdown: string, options: string): Promise<string>;
} = require('receiptio');

/** The address has a number of its own, because that till knows one port only. */
const PLACE = '127.0.0.9';
const folder = mkdtempSync(join(tmpdir(), 'kedai-paper-'));
let printer: ChildProcess;

beforeAll(async () => {
  const address = ['--listen', `${PLACE}:9100`, '--control', `${PLACE}:9199`, '--dir', folder, '--no-png'];
  printer = spawn(join(programs, 'kedai-printer-emulator'), address, {
    stdio: 'ignore',
  });
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

test('another parser takes every receipt apart, down to the last command', async () => {
  const names = readdirSync(receipts).filter((name) => name.endsWith('.bin'));
  expect(names.length).toBeGreaterThanOrEqual(9);
  for (const name of names) {
    const bytes = readFileSync(join(receipts, name));
    const { error, tree } = await npos.parser().parse(bytes);
    expect(error, name).toBeFalsy();
    expect([tree[0]?.ascii, tree[0]?.fn], name).toEqual(['ESC', '@']);
    // One byte lost or too many on the way, and the cut (or the feed to the tear bar) would not be found at the end.
    const last = tree.at(-1);
    const end = name.includes('generic-58') ? ['ESC', 'd'] : ['GS', 'V'];
    expect([last?.ascii, last?.fn, last?.offset], name).toEqual([...end, bytes.length - 3]);
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
  expect(await control('drawer shut')).toBe('ok');
});

test('another till prints at the printer and is told that it is done', async () => {
  const markdown = '^^^Kedai Kopi\n\n2 Kopi susu | 36.000\n---\n{code:https://kedai.example/r/1;option:qrcode,6,M}\n=';
  const heard = await receiptio.print(markdown, `-d ${PLACE} -p escpos -c 48 -t 20`);
  expect(heard).toBe('success');
  const text = await eventually('the paper', () => {
    const name = readdirSync(folder).find((file) => file.endsWith('.txt'));
    return name && readFileSync(join(folder, name), 'utf8');
  });
  for (const part of ['Kedai Kopi', '2 Kopi susu', '36.000', '[QR https://kedai.example/r/1]']) {
    expect(text).toContain(part);
  }
});
