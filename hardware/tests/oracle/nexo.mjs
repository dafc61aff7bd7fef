// Opens an envelope of ours with the provider's library and closes one with it, for hardware/tests/it/proofs.rs.
import { createRequire } from 'node:module';

const input = JSON.parse(process.argv[2]);
const require = createRequire(`${input.library}/package.json`);
const { default: NexoCrypto } = require('./lib/src/security/nexoCrypto.js');

const key = {
  Passphrase: input.passphrase,
  KeyIdentifier: input.identifier,
  KeyVersion: input.version,
  AdyenCryptoVersion: 1,
};
const opened = new NexoCrypto(key).decrypt(input.envelope, key);
const closed = NexoCrypto.encrypt(input.header, input.message, key);
process.stdout.write(JSON.stringify({ opened, closed }));
