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

/** A driver of X without a graphics card, whose monitors are plugged in and pulled by `xrandr`. */
const TWO_MONITORS = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 16384
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1280x800"
    Virtual 2560 800
  EndSubSection
EndSection
`;

/** Does what is left of starting a program; when that fails, the program does not stay behind. */
async function orKill<T>(program: ChildProcess, start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    program.kill();
    throw error;
  }
}

/** A screen nobody sees. */
export class Display {
  private constructor(
    readonly name: string,
    private readonly server: ChildProcess,
  ) {}

  static open(width = 1280, height = 800): Promise<Display> {
    return Display.by('Xvfb', ['-screen', '0', `${width}x${height}x24`]);
  }

  /** A display with a second monitor beside the first one. */
  static async ofTwo(): Promise<Display> {
    const folder = mkdtempSync(join(tmpdir(), 'kedai-display-'));
    const config = join(folder, 'two-monitors.conf');
    writeFileSync(config, TWO_MONITORS);
    const quiet = ['-logfile', join(folder, 'log'), '-noreset', '-novtswitch', '-sharevts'];
    const display = await Display.by('Xorg', ['-config', config, ...quiet]);
    return orKill(display.server, () => {
      display.xrandr('--addmode', 'DUMMY1', '1280x800');
      display.plug();
      return display;
    });
  }

  private static async by(program: string, options: string[]): Promise<Display> {
    for (let number = 90; number < 140; number += 1) {
      if (existsSync(`/tmp/.X11-unix/X${number}`) || existsSync(`/tmp/.X${number}-lock`)) continue;
      const server = spawn(program, [`:${number}`, ...options, '-nolisten', 'tcp'], { stdio: 'ignore' });
      const isUp = () => server.exitCode !== null || existsSync(`/tmp/.X11-unix/X${number}`);
      await orKill(server, () => eventually('the display', isUp));
      if (server.exitCode === null) return new Display(`:${number}`, server);
    }
    throw new Error('no free display');
  }

  plug() {
    const at = (left: number) => this.xrandr('--output', 'DUMMY1', '--mode', '1280x800', '--pos', `${left}x0`);
    at(1290);
    // The driver finds it plugged in when it is asked; windows hear of it when its place changes after that.
    this.xrandr('--query');
    at(1280);
  }

  unplug() {
    this.xrandr('--output', 'DUMMY1', '--off');
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
    const automated = { TAURI_WEBVIEW_AUTOMATION: 'true', TAURI_AUTOMATION: 'true' };
    const env = { ...process.env, ...automated, DISPLAY: display.name, XDG_CONFIG_HOME: downloads };
    const server = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env });
    const url = `http://127.0.0.1:${port}`;
    const capabilities = new Capabilities();
    capabilities.set('webkitgtk:browserOptions', { binary: WINDOW, args: [...shop.terminalArguments(), ...extra] });
    capabilities.setBrowserName('wry');
    return orKill(server, async () => {
      await eventually('the driver', async () => (await fetch(`${url}/status`)).ok);
      const driver = await new Builder().usingServer(url).withCapabilities(capabilities).build();
      return new Window(driver, server, downloads);
    });
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

  /** Does a command of the engine as the page would; throws what the engine refuses. */
  async command<T>(command: string, input: unknown): Promise<T> {
    const [output, refused] = await this.driver.executeAsyncScript<[T, string | null]>(
      `const [command, input, done] = arguments;
       window.__TAURI_INTERNALS__.invoke('rpc', { command, input }).then(
         (output) => done([output, null]),
         (error) => done([null, error instanceof Error ? String(error) : JSON.stringify(error)]),
       );`,
      command,
      input,
    );
    if (refused !== null) throw new Error(`${command}: ${refused}`);
    return output;
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
