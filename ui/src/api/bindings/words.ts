// Generated from the engine by the test `bindings`. Do not edit.

/** Every word of a change. */
export const WORDS = ["app","sync","printing","catalogue","cart","loading","counter","scale","scan","card","customer"] as const;
