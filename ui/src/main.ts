import { mount } from 'svelte';
import { chooseApi } from './api/choose';
import './app.css';
import { isCustomers } from './router/routes';

const forCustomer = isCustomers(location.hash);

/** Each page loads only what it shows. */
async function show(target: HTMLElement): Promise<void> {
  const api = chooseApi();
  if (forCustomer) {
    // The customer's window may ask for what the customer sees, and for nothing else.
    const { default: CustomerPage } = await import('./customer/CustomerPage.svelte');
    mount(CustomerPage, { target, props: { api } });
  } else {
    const [{ App }, { default: Screens }] = await Promise.all([
      import('./app/app.svelte'),
      import('./views/Screens.svelte'),
    ]);
    mount(Screens, { target, props: { app: new App(api) } });
  }
}

const target = document.getElementById('app');
if (target) void show(target);

// One page is never turned into the other.
addEventListener('hashchange', () => {
  if (isCustomers(location.hash) !== forCustomer) location.reload();
});
