// Every screen in every theme: axe finds nothing and is sure of it, and every target is large enough for a finger.
import { beforeAll, describe, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { DIALOGS } from '../src/dialogs';
import { PRICES } from '../src/prices';
import { look, SCREENS, THEMES } from '../src/screens';
import { setting } from '../src/setting';

const at = setting();

test('the sign-in screen, in every theme', async () => {
  const { counter, shop, page } = at;
  await counter.at(TEST_IDS.staff(0)).waitFor();
  for (const theme of THEMES) {
    await look(counter, shop, { theme });
    await check(page, `sign-in ${theme}`);
  }
});

describe('with the manager signed in', () => {
  beforeAll(async () => {
    await at.counter.signIn(at.shop.person('manager'));
    await at.counter.openShift();
  });

  for (const theme of THEMES) {
    for (const screen of [...SCREENS, ...DIALOGS, ...PRICES]) {
      test(`${screen.name}, ${theme}`, async () => {
        const { counter, shop, page } = at;
        await look(counter, shop, { theme });
        await screen.show(counter, shop);
        try {
          await check(page, `${screen.name} ${theme}`);
        } finally {
          // The next screen begins where this one ends, well or not.
          await screen.leave?.(counter);
        }
      });
    }
  }
});
