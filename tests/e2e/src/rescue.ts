// A till whose data cannot be used: how it comes to that, and every look of the screen that says so.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { TEST_IDS, type Counter } from './counter';
import type { Screen } from './screens';
import type { Shop } from './shop.mjs';

/** Switches the till off, spoils its data and switches it on again; the page shows what it finds. */
export async function spoil(counter: Counter, shop: Shop, found: 'missing' | 'empty' | 'damaged') {
  const path = shop.path('terminal/kedai.db');
  // In order: everything then stands in the file itself, and the log beside it would only cover the damage.
  await shop.terminal.stop();
  for (const end of found === 'damaged' ? ['-wal', '-shm'] : ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  if (found === 'damaged') damage(path);
  if (found === 'empty') writeFileSync(path, '');
  await shop.startTerminal();
  await counter.page.reload();
  await counter.at(TEST_IDS.rescue).waitFor();
}

/** Writes rubbish over the first page of the table `meta`. */
function damage(path: string) {
  const file = readFileSync(path);
  // A row of the schema is type, name, table, root page and statement, one right after the other.
  const row = Buffer.from('tablemetameta');
  const at = file.indexOf(row) + row.length;
  const end = file.indexOf('CREATE TABLE meta', at);
  if (at < row.length || end <= at || end > at + 4) throw new Error('the table meta is not where it was thought to be');
  const size = file.readUInt16BE(16);
  const page = file.readUIntBE(at, end - at);
  file.fill(0x5a, (page - 1) * size, page * size);
  writeFileSync(path, file);
}

/** The looks of a till with damaged data, in this order; each goes on where the one before stood. */
export const DAMAGED: Screen[] = [
  {
    name: 'rescue-damaged',
    show: async (counter) => {
      await counter.page.reload();
      await counter.at(TEST_IDS.rescueExport).waitFor();
    },
  },
  {
    name: 'rescue-exported',
    show: async (counter) => {
      await counter.at(TEST_IDS.rescueExport).click();
      await counter.at(TEST_IDS.rescueExported).waitFor();
    },
  },
  {
    name: 'rescue-begin',
    show: async (counter) => {
      await counter.at(TEST_IDS.rescueBegin).click();
      await counter.at(TEST_IDS.confirm).waitFor();
    },
    leave: async (counter) => {
      await counter.at(TEST_IDS.cancel).click();
      await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
    },
  },
];

/** The look of a till whose data is gone. */
export const LOST: Screen[] = [{ name: 'rescue-lost', show: (counter) => counter.at(TEST_IDS.rescueBegin).waitFor() }];
