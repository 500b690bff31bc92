/* This phone's key: made here, admitted by the member's admin, used to show who the phone is.
 *
 * - The private key is not extractable: the browser keeps it, and signs when asked. Nobody can copy it, we neither.
 * - A code finds the request; the fingerprint, made here from the key itself, is what the admin compares.
 * - The log's key is pinned when the phone is admitted: from then on receipts are held against it.
 * - Where the log does not take this key any more, another one is made, and what was not logged is said by it again.
 *
 * docs/adr/0062-how-a-phone-is-admitted.md.
 */

import { decode, encode } from '../ledger/base64url.js';
import { utf8 } from '../ledger/bytes.js';
import { LedgerError } from '../ledger/errors.js';
import { Signer } from '../ledger/signer.js';
import { get, keeps, put, write } from './database.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What this browser lacks to sign and to keep: names of what is missing. */
export async function missing() {
  const lacking = [];
  if (!window.isSecureContext) lacking.push('secure');
  else if (!globalThis.crypto?.subtle) lacking.push('crypto');
  if (!(await keeps())) lacking.push('database');
  if (window.isSecureContext && !navigator.serviceWorker) lacking.push('worker');
  return lacking;
}

/** The device as it is kept; null before it was named. */
export async function device() {
  return (await get('state', 'device')) ?? null;
}

/** Ask a JSON answer of the server; a problem is thrown with its code, a silent server as `offline`. */
export async function asked(path, options = {}) {
  const language = document.documentElement.lang;
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { 'Accept-Language': language, ...options.headers }, cache: 'no-store' });
  } catch {
    throw new LedgerError('offline');
  }
  await clocked(answer);
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => null);
  if (said === null) throw new LedgerError('offline');
  if (!answer.ok) throw new LedgerError(said.code, { detail: said.detail, status: answer.status });
  return said;
}

/** The same, shown who this phone is. A clock that was wrong is known after the first answer: then it is asked again. */
export async function proven(path, options = {}) {
  const own = await device();
  const once = async () => asked(path, { ...options, headers: { ...options.headers, ...(await proof(own)) } });
  try {
    return await once();
  } catch (error) {
    if (error.code !== 'device-clock') throw error;
    return once();
  }
}

/** Make a key for a member and ask that it be admitted: the code to show, and when it expires. */
export async function ask({ name, member }) {
  const former = await device();
  const fresh = former && !former.admitted && former.iss === member ? former : await made(member);
  const signer = await signerOf(fresh);
  const pop = await signer.possession({ origin: fresh.origin, iss: member, role: 'device' });
  const body = JSON.stringify({ member, jwk: fresh.jwk, pop, name });
  const said = await asked('/api/v1/devices', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  const kept = { ...fresh, name, code: said.code, expires: said.expires * 1000 };
  await write((stores) => {
    stores.state.put(kept, 'device');
    if (former && former.kid !== kept.kid && former.admitted) stores.state.put(former, 'former');
  });
  return kept;
}

/** Whether the log has this key by now: asked of what everybody may read. */
export async function admitted() {
  const own = await device();
  const keys = await asked('/api/v1/keys');
  const found = keys.find(({ kid }) => kid === own.kid);
  if (!found || found.end !== null) return false;
  await write((stores) => {
    stores.state.put({ ...own, admitted: true, code: null }, 'device');
    stores.state.put({ kid: own.kid, seq: 0, prev: null }, 'lane');
  });
  return true;
}

/** What the server tells this phone, kept for when there is no network. `since`: also of the own entries from there on. */
export async function refresh(since = null) {
  const facts = await proven(`/api/v1/device${since === null ? '' : `?since=${since}`}`);
  const kept = { ...facts, at: Date.now() };
  await write((stores) => {
    stores.state.put(kept, 'facts');
    for (const { id, key, n, index } of facts.lots) {
      const before = stores.lots.get(id);
      before.onsuccess = () => stores.lots.put({ ...before.result, id, key: decode(key), n: Math.max(n, before.result?.n ?? 0), index });
    }
  });
  return kept;
}

/** The key that signs. */
export async function signerOf(kept) {
  return Signer.of(kept.privateKey, kept.jwk);
}

/** What a person compares of a key: 80 bits of its thumbprint. As `fingerprint` of `api/verbs/device.py`. */
export function fingerprint(kid) {
  const bits = [...decode(kid).subarray(0, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join('').match(/.{4}/g).join('-');
}

/** How far this phone's clock is ahead of the server's, in milliseconds, as last seen. */
export async function drift() {
  return (await get('state', 'drift')) ?? 0;
}

async function made(iss) {
  const [signer, policy] = [await Signer.generate(), await policyText()];
  const origin = /^log ([^+]+)\+/m.exec(policy)[1];
  return { privateKey: signer.privateKey, jwk: signer.jwk, kid: signer.kid, iss, origin, policy, admitted: false };
}

async function policyText() {
  try {
    return await (await fetch('/log/policy', { cache: 'no-store' })).text();
  } catch {
    throw new LedgerError('offline');
  }
}

/** The header by which a device shows who it is, at the server's time. */
async function proof(own) {
  const seconds = Math.floor((Date.now() - await drift()) / 1000);
  const signer = await signerOf(own);
  const signature = encode(await signer.sign(utf8(`filiera/device\n${own.origin}\n${own.kid}\n${seconds}\n`)));
  return { Authorization: `Filiera-Device ${own.kid}.${seconds}.${signature}` };
}

async function clocked(answer) {
  const now = serverTime(answer);
  // Where nothing can be kept there is nothing to be measured for.
  if (now !== null) await put('state', Date.now() - now, 'drift').catch(() => {});
}

function serverTime(answer) {
  const said = Date.parse(answer.headers.get('date') ?? '');
  return Number.isNaN(said) ? null : said;
}
