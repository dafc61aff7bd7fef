import { describe, expect, it } from 'vitest';
import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import { App } from '../app/app.svelte';
import { FakeApi, refusal } from '../testing/fakeApi';
import { setupOf } from '../testing/customer';
import { CustomerSetup } from './setup.svelte';

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

  it('adds a picture behind the others, whatever was done to them meanwhile, and shows it once it is saved', async () => {
    const { api, setup } = await opened({
      'customer_screen.add_picture': () => ({ picture_id: 'new' }),
      'customer_screen.save': (input) => setupOf({ setup: input }),
    });
    setup.removePicture(0);
    await setup.addPicture(() => Promise.resolve('data'));
    expect(api.inputs('customer_screen.add_picture')).toEqual([{ data: 'data' }]);
    expect(setup.draft.pictures).toEqual(['b', 'new']);
    expect(setup.unsaved).toBe(true);
    setup.movePicture(1, -1);
    await setup.save();
    expect(api.inputs('customer_screen.save')[0]?.pictures).toEqual(['new', 'b']);
    expect(setup.unsaved).toBe(false);
  });

  it('is busy while a picture is drawn, and says when there is none in the file', async () => {
    const { api, setup } = await opened();
    let drawn: (data: string | null) => void = () => undefined;
    const adding = setup.addPicture(() => new Promise((done) => (drawn = done)));
    expect(setup.busy).toBe(true);
    await setup.save();
    drawn(null);
    await adding;
    expect(setup).toMatchObject({ busy: false, refused: 'picture', unsaved: false });
    expect(api.calls.map(({ command }) => command)).toEqual(['customer_screen.setup']);
  });

  it('keeps pictures that came from elsewhere while something is typed here', async () => {
    const { api, setup } = await opened();
    setup.removePicture(0);
    const there = { ...setupOf().setup, greeting: 'Halo', pictures: ['c', 'a', 'b'] };
    api.answers['customer_screen.setup'] = () => setupOf({ setup: there });
    await setup.look();
    await setup.look();
    // What was taken out here stays out.
    expect(setup.draft).toMatchObject({ greeting: '', pictures: ['b', 'c'] });
    expect(setup.view?.setup).toEqual(there);
  });
});
