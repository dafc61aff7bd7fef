// What a person sees once in a shift or once in the life of a till, in every theme: axe, and targets for fingers.
import { expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { fill, look, THEMES } from '../src/screens';
import { setting } from '../src/setting';

const at = setting({ enrol: false });

async function everyTheme(name: string) {
  for (const theme of THEMES) {
    await look(at.counter, at.shop, { theme });
    await check(at.page, `${name} ${theme}`);
  }
}

test('a till that belongs to nobody yet asks for its server and a pairing code', async () => {
  const { counter } = at;
  await counter.at(TEST_IDS.enrolServer).waitFor();
  await counter.at(TEST_IDS.enrolSubmit).click();
  await everyTheme('enrolment');
});

test('before the first sale the drawer is counted', async () => {
  const { counter, shop } = at;
  await counter.at(TEST_IDS.enrolServer).fill(shop.serverUrl);
  await counter.at(TEST_IDS.enrolCode).fill(shop.demo.pairing_code);
  await counter.at(TEST_IDS.enrolName).fill('T1');
  await counter.at(TEST_IDS.enrolSubmit).click();
  await counter.at(TEST_IDS.staff(0)).waitFor();
  await counter.signIn(shop.person('cashier'));
  await counter.go('shift');
  await counter.at(TEST_IDS.shiftOpen).waitFor();
  await everyTheme('open-shift');
});

test('what a cashier may not do alone, a manager approves', async () => {
  const { counter } = at;
  await counter.openShift();
  await fill(counter, 1);
  await counter.at(TEST_IDS.linePrice).click();
  await counter.keys('1000');
  await counter.at(TEST_IDS.reason(0)).click();
  await counter.at(TEST_IDS.toast).first().waitFor({ state: 'detached' });
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.approver(0)).waitFor();
  await everyTheme('approval');
  await counter.page.keyboard.press('Escape');
  await counter.at(TEST_IDS.approver(0)).waitFor({ state: 'detached' });
  await counter.at(TEST_IDS.dialogClose).click();
  expect(await counter.lines().first().innerText(), 'the price is the old one').not.toContain('1.000');
});

test('a till without its server and its printer says so, and sells', async () => {
  const { counter, shop } = at;
  await Promise.all([shop.stopServer(), shop.stopPrinter()]);
  await counter.payExact();
  await counter.page.locator('[data-testid="status-chip"]').click();
  await counter.at(TEST_IDS.syncEvent(0)).waitFor();
  await everyTheme('offline');
  await counter.at(TEST_IDS.nav('page-printing')).click();
  await counter.at(TEST_IDS.printRetry(0)).waitFor();
  await everyTheme('printer-off');
});

test('a closed shift says what was counted and what it should have been', async () => {
  const { counter, shop } = at;
  await shop.startServer();
  await counter.at(TEST_IDS.signOut).click();
  await counter.signIn(shop.person('manager'));
  await counter.go('shift');
  await counter.at(TEST_IDS.shiftClose).click();
  await counter.at(TEST_IDS.countBy('sum')).click();
  await counter.keys('200000');
  await counter.at(TEST_IDS.countConfirm).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.closedNumber).waitFor();
  await everyTheme('shift-closed');
});
