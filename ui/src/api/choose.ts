import type { Api } from './api';
import { httpApi } from './http';
import { inWindow, tauriApi } from './tauri';

/** The transport for where the screens run. */
export function chooseApi(): Api {
  return inWindow() ? tauriApi() : httpApi();
}
