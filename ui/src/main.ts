import { mount } from 'svelte';
import { chooseApi } from './api/choose';
import { App } from './app/app.svelte';
import './app.css';
import Screens from './views/Screens.svelte';

const target = document.getElementById('app');
if (target) mount(Screens, { target, props: { app: new App(chooseApi()) } });
