/* The verifier's face: a file is chosen or dropped, checked here, and what came of it is shown and said aloud.
 *
 * - The page has a file field `#file`, a place `#result`, a live region `#said`, and a place `#trusted`.
 * - Nothing is sent anywhere. A server's page may offer more: `after(file, place)` is called once an account is shown.
 *
 *     startVerifier({ words, policies: [text] });
 */

import { fromUtf8, hex, sha256 } from '../ledger/bytes.js';
import { verifyAny } from '../ledger/papers/opened.js';
import { knownLog } from '../ledger/policy.js';
import { sentence } from '../ledger/wording.js';
import { Remembered } from './remembered.js';
import { make, shownAccount } from './shown.js';

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_POLICY = 1 << 20;
// Our comment in a tlog-policy, at the start of a line: no other file of ours has one.
const POLICY = /^# filiera-genesis /m;

/** Make the page work. `from`: where the policies are from, `pinned` in the page or `served` with it; `after`: what a
 * server adds below an account. */
export function startVerifier({ words, policies, from = 'pinned', after = () => [] }) {
  const verifier = new Verifier(words, policies, from, after);
  const field = document.getElementById('file');
  field.addEventListener('change', () => verifier.check(field.files[0]));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    verifier.check(event.dataTransfer.files[0]);
  });
  verifier.showTrusted();
  return verifier;
}

class Verifier {
  constructor(words, policies, from, after) {
    Object.assign(this, { words, policies, from, after });
    this.memory = new Remembered();
    this.opened = new Set();
    this.place = document.getElementById('result');
    this.last = null;
  }

  /** Say it in other words: the language was changed. */
  async speak(words) {
    this.words = words;
    await this.showTrusted();
    if (this.last !== null) this.show(this.last);
  }

  /** Trust the log of a policy that was opened here, until the page is closed. */
  async trust(text) {
    const { origin } = await knownLog(text);
    const others = await Promise.all(this.policies.map(async (policy) => ((await knownLog(policy)).origin === origin ? [] : [policy])));
    this.policies = [...others.flat(), text];
    this.opened.add(origin);
    await this.showTrusted();
    this.say(make('p', { class: 'strip unsure' }, this.text('page-policy-opened', { origin })));
  }

  /** Check a file and show the account. */
  async check(file) {
    if (!file) return;
    this.say(make('p', {}, this.text('page-checking', { name: file.name })));
    try {
      if (file.size > MOST_BYTES) {
        this.say(make('p', { class: 'strip bad' }, this.text('page-too-large', { limit: MOST_BYTES >> 20 })));
        return;
      }
      await this.checkBytes(new Uint8Array(await file.arrayBuffer()), file.name, file);
    } catch (error) {
      // What a file is never throws: this is a file that went away, or a mistake of ours, and it is no verdict.
      this.say(make('p', { class: 'strip bad' }, this.text('page-broken', { problem: String(error) })));
    }
  }

  async checkBytes(bytes, name, file) {
    const text = bytes.length < MOST_POLICY ? fromUtf8(bytes) ?? '' : '';
    if (POLICY.test(text)) {
      await this.trust(text);
      return;
    }
    const account = await verifyAny(bytes, { policies: this.policies, checkpoints: this.memory.heads() });
    const meetings = new Map(account.logs.map((log) => [log, this.keyOf(log)]));
    if (account.valid !== false) this.memory.keep(account);
    const digest = globalThis.crypto?.subtle ? hex(await sha256(bytes)) : '-';
    this.last = { account, meeting: (log) => meetings.get(log), file: { name, digest }, sent: file };
    this.show(this.last);
  }

  /** How the key of a log is known: with the page, `opened` in it, or by what this browser remembers. */
  keyOf(log) {
    if (log.known) return this.opened.has(log.origin) ? 'opened' : this.from;
    return this.memory.meeting(log);
  }

  show({ account, meeting, file, sent }) {
    this.say(...shownAccount(this.words, account, { meeting, file }), ...this.after(sent, this.words, account));
    this.place.focus();
  }

  /** Which logs this page knows, with the fingerprints of their keys. */
  async showTrusted() {
    const place = document.getElementById('trusted');
    if (!globalThis.crypto?.subtle) {
      place.replaceChildren(make('p', { class: 'strip unsure' }, this.text('browser-without-crypto')));
      return;
    }
    const logs = await Promise.all(this.policies.map((policy) => knownLog(policy)));
    const lines = logs.flatMap(({ origin, vkey }) => [
      make('p', {}, this.text('page-trusted', { origin })),
      make('p', {}, make('code', { class: 'fingerprint' }, vkey.fingerprint)),
    ]);
    if (!lines.length) lines.push(make('p', {}, this.text('page-trusts-nobody')));
    place.replaceChildren(...lines);
  }

  /** Show elements; the first is what is read aloud. */
  say(...elements) {
    this.place.replaceChildren(...elements);
    document.getElementById('said').textContent = elements[0].textContent;
  }

  text(code, context = {}) {
    return sentence(this.words, code, context);
  }
}
