import { describe, expect, it } from 'vitest';
import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import { App } from '../app/app.svelte';
import { FakeApi, refusal } from '../testing/fakeApi';
import { setupOf } from '../testing/customer';
import { fitted } from './photo';
import { CustomerSetup } from './setup.svelte';
import { standingOf } from './standing';

async function opened(answers: FakeApi['answers'] = {}) {
  const api = new FakeApi({ 'customer_screen.setup': () => setupOf(), ...answers });
  const setup = new CustomerSetup(new App(api));
  await setup.look();
  return { api, setup };
}

describe("setting the customer's screen up", () => {
  it('keeps what is typed while it looks how things stand', async () => {
    const { api, setup } = await opened();
    expect(setup.unsaved).toBe(false);
    setup.draft.greeting = 'Halo';
    expect(setup.unsaved).toBe(true);
    api.answers['customer_screen.setup'] = () => setupOf({ is_shown: true });
    await setup.look();
    expect(setup.draft.greeting).toBe('Halo');
    expect(setup.view?.is_shown).toBe(true);
  });

  it('takes what another till saved when nothing is typed', async () => {
    const { api, setup } = await opened();
    const saved = { ...setupOf().setup, greeting: 'Halo' };
    api.answers['customer_screen.setup'] = () => setupOf({ setup: saved });
    await setup.look();
    expect(setup.draft.greeting).toBe('Halo');
  });

  it('is saved as the engine has it then', async () => {
    const { api, setup } = await opened({
      'customer_screen.save': (input) => setupOf({ setup: { ...input, greeting: input.greeting.trim() } }),
    });
    setup.draft.greeting = ' Halo ';
    setup.changeSeconds(100);
    await setup.save();
    expect(api.inputs('customer_screen.save')).toEqual([{ ...setupOf().setup, greeting: ' Halo ', seconds: 60 }]);
    expect(setup).toMatchObject({ unsaved: false, refused: null, draft: { greeting: 'Halo', seconds: 60 } });
  });

  it('keeps what was typed when it is refused, and says at which field', async () => {
    const { setup } = await opened({
      'customer_screen.save': () => {
        throw refusal('invalid', { reason: 'qris' });
      },
    });
    setup.draft.qris = 'https://example.com';
    await setup.save();
    expect(setup).toMatchObject({
      unsaved: true,
      busy: false,
      refused: 'qris',
      draft: { qris: 'https://example.com' },
    });
  });

  it('does not take an answer that is older than what was saved', async () => {
    const { api, setup } = await opened({ 'customer_screen.save': (input) => setupOf({ setup: input }) });
    let answer: (view: CustomerScreenSetupView) => void = () => undefined;
    api.answers['customer_screen.setup'] = () => new Promise((done) => (answer = done));
    const looking = setup.look();
    setup.draft.greeting = 'Halo';
    await setup.save();
    answer(setupOf());
    await looking;
    expect(setup).toMatchObject({ unsaved: false, draft: { greeting: 'Halo' } });
  });

  it('adds a picture behind the others, whatever was done to them meanwhile', async () => {
    const { setup } = await opened({
      'customer_screen.add_picture': () => setupOf({ setup: { ...setupOf().setup, pictures: ['a', 'b', 'new'] } }),
    });
    setup.removePicture(0);
    await setup.addPicture('data');
    expect(setup.draft.pictures).toEqual(['b', 'new']);
    expect(setup.unsaved).toBe(true);
    setup.movePicture(1, -1);
    expect(setup.draft.pictures).toEqual(['new', 'b']);
  });

  it('has a picture once, also when it hears of it while it is added', async () => {
    const { api, setup } = await opened();
    const setupThen = setupOf({ setup: { ...setupOf().setup, pictures: ['a', 'b', 'new'] } });
    api.answers['customer_screen.setup'] = () => setupThen;
    api.answers['customer_screen.add_picture'] = async () => {
      await setup.look();
      return setupThen;
    };
    await setup.addPicture('data');
    expect(setup.draft.pictures).toEqual(['a', 'b', 'new']);
    expect(setup.unsaved).toBe(false);
  });

  it.each([
    { standing: 'off', view: setupOf({ setup: { ...setupOf().setup, is_on: false }, is_shown: true }) },
    { standing: 'shown', view: setupOf({ is_shown: true, has_monitor: true }) },
    { standing: 'no_monitor', view: setupOf({ has_monitor: false }) },
    { standing: 'silent', view: setupOf({ has_monitor: true }) },
    { standing: 'no_browser', view: setupOf({ has_monitor: null }) },
  ])('tells that it is $standing', ({ standing, view }) => expect(standingOf(view)).toBe(standing));

  it('makes a picture as large as a screen shows it and no larger', () => {
    expect(fitted(4_000, 3_000, 1)).toEqual([1_067, 800]);
    expect(fitted(8_000, 1_000, 1)).toEqual([1_280, 160]);
    expect(fitted(640, 400, 1)).toEqual([640, 400]);
    expect(fitted(640, 400, 0.5)).toEqual([320, 200]);
    expect(fitted(1, 9_000, 0.5)).toEqual([1, 400]);
  });
});
