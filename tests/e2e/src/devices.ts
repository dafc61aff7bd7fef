// A counter without devices: scale, scanner and display, and the hand at them.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { TEST_IDS, type Counter } from './counter';
import { eventually } from './shop.mjs';

const root = process.env.KEDAI_ROOT ?? join(import.meta.dirname, '../../..');
const programs = process.env.KEDAI_PROGRAMS ?? join(root, 'target/debug');

export type Device = 'scale' | 'scanner' | 'display';
/** A card reader: at a wire, or behind HTTP. */
export type Reader = 'zvt' | 'card';

export class Devices {
  private constructor(
    private readonly program: ChildProcess,
    /** What the program said, a line for every address. */
    private readonly said: () => string,
  ) {}

  static async open(): Promise<Devices> {
    const program = spawn(join(programs, 'kedai-counter-emulator'), ['--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    program.stdout.on('data', (part) => (said += part));
    const devices = new Devices(program, () => said);
    await eventually('the counter', () => said.includes('\ncard '));
    return devices;
  }

  private line(name: string): string {
    const found = this.said().match(new RegExp(`^${name} (\\S+)$`, 'm'));
    if (!found?.[1]) throw new Error(`no address of the ${name}: ${this.said()}`);
    return found[1];
  }

  address(device: Device | Reader): string {
    return this.line(device);
  }

  /** Does what a hand does: `weigh`, `scan`, `fault`. */
  async hand(what: string, fields: Record<string, string>) {
    const body = new URLSearchParams(fields).toString();
    const response = await fetch(new URL(what, this.line('page')), { method: 'POST', body });
    if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
  }

  /** Puts so many grams on the scale. */
  weigh(grams: number) {
    return this.hand('weigh', { state: 'stable', grams: String(grams) });
  }

  /** The two lines of the display. */
  async display(): Promise<[string, string]> {
    const response = await fetch(new URL('state', this.line('page')));
    return ((await response.json()) as { display: [string, string] }).display;
  }

  close() {
    this.program.kill();
  }
}

export async function toDevices(counter: Counter) {
  await counter.go('settings');
  await counter.at(TEST_IDS.nav('page-devices')).click();
  await counter.at(TEST_IDS.deviceAdd).waitFor();
}

/** The row of the device with a name. */
export const deviceRow = (counter: Counter, name: string) =>
  counter.page.locator('[data-testid^="device-"][data-condition]', { hasText: name });

/** Its button for tests. */
export const deviceTest = (counter: Counter, name: string) =>
  deviceRow(counter, name).locator('[data-testid^="device-test-"]');
