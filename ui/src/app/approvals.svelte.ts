import type { ApprovalInput } from '../api/bindings/ApprovalInput';
import type { Permission } from '../api/bindings/Permission';
import type { StaffView } from '../api/bindings/StaffView';
import { type CommandError, readError } from '../api/errors';
import type { Till } from './till.svelte';

interface Asking {
  permission: Permission | null;
  people: readonly StaffView[];
  answer: (approval: ApprovalInput | null) => void;
}

const MAY_APPROVE = new Set(['manager', 'admin', 'owner']);

/** Asks a manager for leave when a step is above the role of who is signed in; the cart survives it. */
export class Approvals {
  asking = $state.raw<Asking | null>(null);
  /** Why the last PIN was refused. */
  refused = $state.raw<CommandError | null>(null);
  busy = $state(false);
  #till: Till;

  constructor(till: Till) {
    this.#till = till;
  }

  /**
   * Runs a step; when it needs leave, asks for a manager's PIN and runs it again with that.
   * Resolves to null when the person gave up; other errors are thrown.
   */
  async with<T>(step: (approval: ApprovalInput | null) => Promise<T>): Promise<T | null> {
    try {
      return await step(null);
    } catch (error) {
      const refused = readError(error);
      if (refused.code !== 'approval_needed') throw refused;
      return this.#asked(step, refused.details.permission);
    }
  }

  async #asked<T>(
    step: (approval: ApprovalInput | null) => Promise<T>,
    permission: Permission | null,
  ): Promise<T | null> {
    const { staff } = await this.#till.ask('staff.list', {});
    const people = staff.filter((person) => MAY_APPROVE.has(person.role));
    this.refused = null;
    try {
      for (;;) {
        const approval = await new Promise<ApprovalInput | null>((answer) => {
          this.asking = { permission, people, answer };
        });
        if (!approval) return null;
        this.busy = true;
        try {
          return await step(approval);
        } catch (error) {
          const again = readError(error);
          const byPin = again.code === 'pin_wrong' || again.code === 'pin_locked' || again.code === 'approval_needed';
          if (!byPin) throw again;
          this.refused = again;
        } finally {
          this.busy = false;
        }
      }
    } finally {
      this.asking = null;
      this.refused = null;
    }
  }

  give = (staffId: string, pin: string): void => this.asking?.answer({ staff_id: staffId, pin });

  cancel = (): void => this.asking?.answer(null);
}
