import { mount } from 'svelte';
import { chooseApi } from './api/choose';
import { App } from './app/app.svelte';
import './app.css';
import CustomerPage from './customer/CustomerPage.svelte';
import { isCustomers } from './router/routes';
import Screens from './views/Screens.svelte';

const target = document.getElementById('app');
const forCustomer = isCustomers(location.hash);

if (target) {
  const api = chooseApi();
  // The customer's window may ask for what the customer sees, and for nothing else.
  if (forCustomer) mount(CustomerPage, { target, props: { api } });
  else mount(Screens, { target, props: { app: new App(api) } });
}

// One page is never turned into the other.
addEventListener('hashchange', () => {
  if (isCustomers(location.hash) !== forCustomer) location.reload();
});
