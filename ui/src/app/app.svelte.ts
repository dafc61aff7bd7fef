import { getContext, setContext } from 'svelte';
import type { Api } from '../api/api';
import { readError } from '../api/errors';
import { Cards } from '../cards/cards.svelte';
import { Checkout } from '../checkout/checkout.svelte';
import { isLocale, Texts, type Locale } from '../i18n';
import { KeyListener } from '../keyboard/listener';
import { Scopes } from '../keyboard/scopes';
import { Orders } from '../orders/orders.svelte';
import { Register } from '../register/register.svelte';
import { Weighing } from '../register/weighing.svelte';
import { Router } from '../router/router.svelte';
import { WiredScans } from '../scanner/wired';
import { Keyboard } from '../shell/keyboard.svelte';
import { beep } from './beep';
import { Approvals } from './approvals.svelte';
import { Figures } from './figures';
import { Pictures } from './pictures';
import { Questions } from './questions.svelte';
import { refusal } from './refusal';
import { Till } from './till.svelte';
import { Toasts } from './toasts.svelte';

/** Everything a screen needs, handed round by context. */
export class App {
  readonly till: Till;
  readonly texts = new Texts();
  readonly figures: Figures;
  readonly toasts = new Toasts();
  readonly questions = new Questions(this.texts);
  readonly router = new Router(this.questions.leave);
  readonly approvals: Approvals;
  readonly pictures: Pictures;
  readonly scopes = new Scopes();
  readonly keys: KeyListener;
  readonly wired: WiredScans;
  readonly keyboard = new Keyboard();
  readonly register: Register;
  readonly weighing: Weighing;
  readonly cards: Cards;
  readonly checkout: Checkout;
  readonly orders: Orders;
  /** The language chosen before the till belongs to an outlet. */
  chosenLocale = $state<Locale | null>(null);
  helpOpen = $state(false);

  constructor(api: Api) {
    this.till = new Till(api);
    this.figures = new Figures(this.texts, () => this.till.state?.outlet ?? null);
    this.approvals = new Approvals(this.till);
    this.pictures = new Pictures((picture_id) => this.till.ask('picture.get', { picture_id }));
    this.keys = new KeyListener(this.scopes);
    this.keys.unheard = (code) => {
      beep();
      this.toasts.show('warning', this.texts.t('scan-unheard', { code }));
    };
    this.wired = new WiredScans(this.till, (code) => this.keys.scanned(code));
    this.register = new Register(this);
    this.weighing = new Weighing(this.till);
    this.cards = new Cards(this);
    this.checkout = new Checkout(this);
    this.orders = new Orders(this);
  }

  /** The language of the screens: set here, else the outlet's, else the browser's. */
  get locale(): Locale {
    const state = this.till.state;
    const wanted = [this.chosenLocale, state?.settings.locale, state?.outlet?.locale, navigator.language.slice(0, 2)];
    return wanted.find(isLocale) ?? 'en';
  }

  /** Shows why a step was refused, in words for the person at the till. */
  report = (error: unknown): void => {
    const refused = readError(error);
    // The bar at the foot of the screen says so already.
    if (refused.code === 'engine_gone') return;
    if (refused.code === 'not_signed_in' || refused.code === 'not_enrolled') void this.till.refresh();
    this.toasts.show(refusal(refused) === 'stop' ? 'error' : 'warning', this.explain(refused));
  };

  /** The text for an error: what happened, what is safe, what to do. */
  explain = (error: unknown): string => {
    const { code, details } = readError(error);
    return this.texts.word(`error-${code}`, 'error-internal', {
      subject: details.subject ?? '',
      reason: details.reason ?? '',
      time: details.retry_at === null ? '' : this.figures.time(details.retry_at),
    });
  };

  /** Runs a step and reports its refusal; true when it went well. */
  try = async (step: () => Promise<unknown>): Promise<boolean> => {
    try {
      await step();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  };
}

const CONTEXT = Symbol('app');

export function provideApp(app: App): void {
  setContext(CONTEXT, app);
}

export function useApp(): App {
  return getContext<App>(CONTEXT);
}
