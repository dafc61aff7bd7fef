import type { Person } from './counter';

export interface Demo {
  admin: { email: string; password: string };
  outlets: { code: string; name: string; outlet_id: string; staff: Person[] }[];
  pairing_code: string;
}

export class Program {
  /** The process itself, to be stopped and let go on. */
  child: { kill(signal: 'SIGSTOP' | 'SIGCONT'): boolean };
  stop(signal?: string): Promise<void>;
  check(): void;
}

export interface ShopOptions {
  outlet?: string;
  enrol?: boolean;
  terminal?: boolean;
  window?: string;
}

export class Shop {
  static open(options?: ShopOptions): Promise<Shop>;
  demo: Demo;
  folder: string;
  printer: Program;
  server: Program;
  terminal: Program;
  readonly url: string;
  readonly serverUrl: string;
  readonly staff: Person[];
  terminalPort: number;
  controlPort: number;
  path(name: string): string;
  person(role: string): Person;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  startPrinter(): Promise<void>;
  stopPrinter(): Promise<void>;
  startTerminal(enrol?: boolean): Promise<void>;
  terminalArguments(): string[];
  killTerminal(): Promise<void>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  rpc(command: string, input?: unknown): Promise<any>;
  paper(): string[];
  bytes(): Buffer[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  hq(path: string, body?: unknown): Promise<any>;
  close(): Promise<void>;
}

export function freePort(): Promise<number>;
export function eventually<T>(what: string, check: () => T | Promise<T>, seconds?: number): Promise<NonNullable<T>>;
