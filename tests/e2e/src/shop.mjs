// A whole shop for a test: the real server, the real printer emulator and a real terminal, each a process of its own,
// in a temporary folder that is gone afterwards.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const programs = process.env.KEDAI_PROGRAMS ?? join(import.meta.dirname, '../../../target/debug');

/** @returns {Promise<number>} a port that nobody listens on now */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `check` gives something; the deadline is a bound, never a wait for luck. */
export async function eventually(what, check, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not happen within ${seconds} s${last ? `: ${last}` : ''}`);
}

class Program {
  constructor(name, args, log, env = {}) {
    const out = openSync(log, 'a');
    const path = name.includes('/') ? name : join(programs, name);
    this.name = name;
    this.log = log;
    this.child = spawn(path, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }
  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
  check() {
    if (!this.running) throw new Error(`${this.name} ended: ${readFileSync(this.log, 'utf8').slice(-2000)}`);
  }
  async stop(signal = 'SIGTERM') {
    if (this.running) this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await this.ended;
    clearTimeout(late);
  }
}

async function text(program, args) {
  const child = spawn(join(programs, program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout.on('data', (part) => (out += part));
  child.stderr.on('data', (part) => (error += part));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${error}`);
  return out;
}

/** The parts of a shop and the steps a test takes with them. */
export class Shop {
  static async open({ outlet = 'KOPI', enrol = true, terminal = true, window = undefined } = {}) {
    const shop = new Shop();
    shop.folder = mkdtempSync(join(tmpdir(), 'kedai-shop-'));
    shop.outletCode = outlet;
    shop.windowProgram = window;
    shop.serverPort = await freePort();
    shop.terminalPort = await freePort();
    shop.printerPort = await freePort();
    shop.controlPort = await freePort();
    await shop.startServer();
    await shop.startPrinter();
    shop.demo = JSON.parse(
      await text('kedai-server', ['demo', '--data-dir', shop.path('server'), '--pair', outlet]),
    );
    if (terminal) {
      await shop.startTerminal(enrol);
      if (enrol) await eventually('loading the catalogue', async () => (await shop.rpc('app.state')).stage === 'signed_out');
    }
    return shop;
  }

  path(name) {
    return join(this.folder, name);
  }
  get serverUrl() {
    return `http://127.0.0.1:${this.serverPort}`;
  }
  get url() {
    return `http://127.0.0.1:${this.terminalPort}`;
  }

  async startServer() {
    const args = ['serve', '--listen', `127.0.0.1:${this.serverPort}`, '--data-dir', this.path('server')];
    this.server = new Program('kedai-server', args, this.path('server.log'));
    await eventually('starting the server', async () => {
      this.server.check();
      return (await fetch(`${this.serverUrl}/ready`)).ok;
    });
  }
  stopServer() {
    return this.server.stop();
  }

  async startPrinter() {
    const args = ['--listen', `127.0.0.1:${this.printerPort}`, '--dir', this.path('paper')];
    args.push('--control', `127.0.0.1:${this.controlPort}`, '--no-png');
    this.printer = new Program('kedai-printer-emulator', args, this.path('printer.log'));
    await eventually('starting the printer', () => readFileSync(this.path('printer.log'), 'utf8').includes('listening'));
  }
  stopPrinter() {
    return this.printer.stop();
  }

  terminalArguments() {
    return ['--data-dir', this.path('terminal'), '--printer', `tcp://127.0.0.1:${this.printerPort}`];
  }
  async startTerminal(enrol = false) {
    const args = ['--headless', '--listen', `127.0.0.1:${this.terminalPort}`, ...this.terminalArguments()];
    if (enrol) args.push('--server', this.serverUrl, '--enrol', this.demo.pairing_code);
    this.terminal = new Program('kedai-terminal', args, this.path('terminal.log'));
    await eventually('starting the terminal', async () => {
      this.terminal.check();
      return await this.rpc('app.state');
    });
  }
  /** Pulls the terminal's plug. */
  killTerminal() {
    return this.terminal.stop('SIGKILL');
  }

  async rpc(command, input = {}) {
    const response = await fetch(`${this.url}/rpc/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.cookie ? { cookie: this.cookie } : {}) },
      body: JSON.stringify(input),
    });
    const cookie = response.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${command}: ${JSON.stringify(body)}`), { body });
    return body;
  }

  /** The people of the outlet with their PINs. */
  get staff() {
    return this.demo.outlets.find((outlet) => outlet.code === this.outletCode).staff;
  }
  person(role) {
    return this.staff.find((person) => person.role === role);
  }

  /** What the printer printed, as text, oldest first. */
  paper() {
    if (!existsSync(this.path('paper'))) return [];
    const files = readdirSync(this.path('paper')).filter((name) => name.endsWith('.txt'));
    return files.sort().map((name) => readFileSync(this.path(`paper/${name}`), 'utf8'));
  }
  bytes() {
    const files = readdirSync(this.path('paper')).filter((name) => name.endsWith('.bin'));
    return files.sort().map((name) => readFileSync(this.path(`paper/${name}`)));
  }

  /** Headquarters reads, or writes what is given: signs in once and asks the API. */
  async hq(path, body = undefined) {
    if (!this.token) {
      const response = await fetch(`${this.serverUrl}/api/v1/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: this.demo.admin.email, password: this.demo.admin.password }),
      });
      if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
      this.token = (await response.json()).access_token;
    }
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${this.serverUrl}/api/v1${path}`, {
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...sent,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async close() {
    await Promise.all([this.terminal, this.printer, this.server].map((program) => program?.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
