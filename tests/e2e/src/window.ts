// The real window: a screen of its own (Xvfb), WebKit's driver, and the terminal as the browser it drives.
import { spawn, type ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Builder, By, Capabilities, until, type WebDriver, type WebElement } from 'selenium-webdriver';
import { TEST_IDS } from './counter';
import { eventually, freePort, type Shop } from './shop.mjs';

const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
export const WINDOW = process.env.KEDAI_WINDOW ?? join(root, 'target/debug/kedai-terminal');

/** One of two monitors. */
const MONITOR = { width: 1280, height: 800 };

/** A screen nobody sees. */
export class Display {
  private constructor(
    readonly name: string,
    private readonly server: ChildProcess,
  ) {}

  static async open(width = 1280, height = 800): Promise<Display> {
    for (let number = 90; number < 140; number += 1) {
      if (existsSync(`/tmp/.X11-unix/X${number}`) || existsSync(`/tmp/.X${number}-lock`)) continue;
      const args = [`:${number}`, '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'];
      const server = spawn('Xvfb', args, { stdio: 'ignore' });
      await eventually('the display', () => server.exitCode !== null || existsSync(`/tmp/.X11-unix/X${number}`));
      if (server.exitCode === null) return new Display(`:${number}`, server);
    }
    throw new Error('no free display');
  }

  /** A display on which two monitors stand side by side, until one is unplugged. */
  static async ofTwo(): Promise<Display> {
    const display = await Display.open(MONITOR.width * 2, MONITOR.height);
    display.monitor('left', 0, 'screen');
    display.plug();
    return display;
  }

  plug() {
    this.monitor('right', MONITOR.width, 'none');
  }

  unplug() {
    this.xrandr('--delmonitor', 'right');
  }

  private monitor(name: string, left: number, output: string) {
    this.xrandr('--setmonitor', name, `${MONITOR.width}/300x${MONITOR.height}/200+${left}+0`, output);
  }

  private xrandr(...args: string[]) {
    execFileSync('xrandr', args, { env: { ...process.env, DISPLAY: this.name }, stdio: 'ignore' });
  }

  /** A picture of the display; WebKit's own screenshot call hangs. */
  picture(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    execFileSync('import', ['-window', 'root', path], { env: { ...process.env, DISPLAY: this.name } });
  }

  close() {
    this.server.kill();
  }
}

/** The terminal's window, driven. */
export class Window {
  private constructor(
    readonly driver: WebDriver,
    private readonly server: ChildProcess,
    /** Where the window keeps files. */
    readonly downloads: string,
  ) {}

  static async open(shop: Shop, display: Display, extra: string[] = []): Promise<Window> {
    const port = await freePort();
    const downloads = mkdtempSync(join(tmpdir(), 'kedai-window-'));
    writeFileSync(join(downloads, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    const env = { ...process.env, DISPLAY: display.name, TAURI_WEBVIEW_AUTOMATION: 'true', TAURI_AUTOMATION: 'true', XDG_CONFIG_HOME: downloads };
    const server = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env });
    const url = `http://127.0.0.1:${port}`;
    await eventually('the driver', async () => (await fetch(`${url}/status`)).ok);
    const capabilities = new Capabilities();
    capabilities.set('webkitgtk:browserOptions', { binary: WINDOW, args: [...shop.terminalArguments(), ...extra] });
    capabilities.setBrowserName('wry');
    const driver = await new Builder().usingServer(url).withCapabilities(capabilities).build();
    return new Window(driver, server, downloads);
  }

  async at(id: string): Promise<WebElement> {
    const element = await this.driver.wait(until.elementLocated(By.css(`[data-testid="${id}"]`)), 30_000, id);
    await this.driver.wait(until.elementIsVisible(element), 30_000, id);
    return element;
  }

  async click(id: string) {
    await (await this.at(id)).click();
  }

  async text(id: string): Promise<string> {
    return (await this.at(id)).getText();
  }

  count(css: string): Promise<number> {
    return this.driver.findElements(By.css(css)).then((found) => found.length);
  }

  /** Does a command of the engine as the page would. */
  command<T>(command: string, input: unknown): Promise<T> {
    return this.driver.executeAsyncScript<T>(
      `const [command, input, done] = arguments;
       window.__TAURI_INTERNALS__.invoke('rpc', { command, input }).then(done, done);`,
      command,
      input,
    );
  }

  async close() {
    await this.driver.quit().catch(() => undefined);
    this.server.kill();
  }
}

/** Signs the manager in by their PIN. */
export async function signIn(window: Window, shop: Shop) {
  const person = shop.person('manager');
  const button = await eventually('the people', async () => {
    const buttons = await window.driver.findElements(By.css('[data-testid^="staff-"]'));
    for (const one of buttons) if ((await one.getText()).includes(person.name)) return one;
    return undefined;
  });
  await button.click();
  for (const digit of person.pin) await window.click(TEST_IDS.pinKey(digit));
  if ((await window.count(`[data-testid="${TEST_IDS.signOut}"]`)) === 0) {
    await window.click(TEST_IDS.pinKey('enter')).catch(() => undefined);
  }
  await window.at(TEST_IDS.signOut);
}
