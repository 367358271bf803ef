/**
 * Brainpool signatures (R7). openpgp.js checks them with node:crypto, but needs a package `eckey-utils` for it that it
 * neither brings nor names among its dependencies. Instead of a stranger's package in the keyholder (P6) it gets the one
 * function that it calls, from here.
 */
import { registerHooks } from 'node:module';

const missingPackage = 'eckey-utils';
let enabled = false;

/** Idempotent; call before the library checks any signature. Nothing but that one name is resolved differently. */
export function enableBrainpool(): void {
  if (enabled) return;
  enabled = true;
  const url = new URL('./brainpool-der.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === missingPackage ? { url, shortCircuit: true } : next(specifier, context),
  });
}
