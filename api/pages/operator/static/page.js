/* The operator's page: what is shown when, and what each button does.
 *
 * - Three ways it may begin: a browser that cannot sign or keep, a phone that is not admitted yet, a phone at work.
 * - "Saved on the phone" is said when the database's transaction is complete, and at no other time.
 * - Another edition of the program is asked for now and then, and shown at a moment when nothing is being typed or sent.
 */

import { askAdmission } from './admission.js';
import { all, get, put } from './database.js';
import { device, drift, fingerprint, missing, refresh } from './device.js';
import { declared, documentOf, eventOf } from './events.js';
import { Form } from './form.js';
import { counted, showRecords } from './list.js';
import * as office from './office.js';
import { picture } from './photo.js';
import { copy, firstWaiting, holdAgainst, records, save, sayAgain, send, takeIn } from './queue.js';
import { hearScanner, scan } from './scan.js';
import { el, make, moment, say, told, warned, why } from './words.js';
import { read } from '../ledger/json_text.js';
import { utf8 } from '../ledger/bytes.js';

const SECTIONS = ['lacking', 'admission', 'start', 'form', 'list', 'settings'];
const AGAIN = 30_000;
const STALE = 600_000;
const MOST_DRIFT = 120_000;
// `attempt`: id and time of what the form says, the same however often it is sent, until something in it changes.
const here = {
  office: false, facts: null, form: null, mending: null, sending: null, attempt: null, worker: null, asked: Date.now(), renewed: false,
  watching: false, saving: false,
};

/** Show one part of the page; in an office's browser what is missing stays above it. */
function show(...names) {
  const shown = here.office && names.includes('start') ? [...names, 'lacking'] : names;
  for (const name of SECTIONS) el(name).hidden = !shown.includes(name);
}

async function begin() {
  const lacking = await missing();
  here.office = lacking.some((name) => name !== 'worker');
  el('lacking-list').replaceChildren(...lacking.map((name) => make('li', { text: say(`lacking-${name}`) })));
  if (here.office) {
    for (const id of ['to-list', 'to-phone', 'photo-field']) el(id).hidden = true;
    el('save').textContent = say('save-office');
    return show('start');
  }
  keepEdition();
  const own = await device();
  if (!own?.admitted) {
    show('admission');
    return askAdmission(begin);
  }
  navigator.storage?.persist?.();
  here.facts = await get('state', 'facts');
  await start();
  // What is said again comes first: it was recorded before all that is here.
  await again();
  return work();
}

/** Have this edition kept for where there is no network, and hear of the next one. */
function keepEdition() {
  if (here.watching) return;
  here.watching = true;
  const served = navigator.serviceWorker;
  // A page that nothing answered for yet is of the newest edition.
  const old = Boolean(served?.controller);
  served?.addEventListener('controllerchange', () => {
    here.renewed ||= old;
    renew();
  });
  served?.register('/campo/worker.js', { scope: '/campo' }).then((worker) => {
    here.worker = worker;
  }).catch(() => {});
}

/** Show the edition that took over, where only the four buttons are shown and nothing is on its way. */
function renew() {
  if (here.renewed && !el('start').hidden && here.sending === null) location.reload();
}

/** The four buttons, and how much waits. */
async function start() {
  show('start');
  el('heading').textContent = say('title');
  here.mending = null;
  if (here.office) return;
  const { waiting, refused } = counted(await records());
  const said = [waiting ? say('waiting-some', { n: waiting }) : say('waiting-none')];
  if (refused) said.push(say('waiting-refused', { n: refused }));
  if (!navigator.onLine && waiting) said.push(say('offline'));
  el('waiting').hidden = false;
  el('waiting').textContent = said.join(' · ');
}

async function open(kind) {
  told(null);
  warned(null);
  const facts = here.office ? await office.known(el('token').value.trim()) : here.facts;
  here.form = new Form({ ...facts, lots: here.office ? [] : await recentLots() });
  show('form');
  here.attempt = null;
  el('heading').textContent = say(kind);
  here.form.open(kind, here.office ? null : await get('state', `last-${kind}`));
}

async function recentLots() {
  const known = await all('lots');
  return known.filter(({ id }) => !id.startsWith('urn:')).sort((one, other) => (other.at ?? 0) - (one.at ?? 0)).slice(0, 100);
}

async function submit(event) {
  event.preventDefault();
  // A second tap while the first is being signed, kept or sent says nothing new.
  if (here.saving) return;
  here.saving = true;
  try {
    await record();
  } finally {
    here.saving = false;
  }
}

async function record() {
  here.attempt ??= { id: `urn:uuid:${uuid()}`, at: new Date() };
  const found = here.form.read(here.attempt.at);
  if (found === null) return;
  const said = { ...found.said, id: here.attempt.id, own: here.facts?.own ?? null };
  try {
    await (here.office ? recordAtOffice(said) : keep(said, found.values));
  } catch (error) {
    unsaved(say(here.office ? 'office-failed' : 'not-saved', { why: why(error) }));
  }
}

/** What was to be recorded was not: said where whoever pressed the button at the foot of a long form sees it. */
function unsaved(text) {
  warned(text);
  el('warned').scrollIntoView({ block: 'center' });
}

async function keep(said, values) {
  const photo = el('photo').files[0] ? await pictured(el('photo').files[0]) : null;
  if (photo === 'wrong') return;
  const content = eventOf(said.kind, said);
  const uris = [...new Set([...said.inputs, ...said.rows].map(({ uri }) => uri))];
  const shown = { rows: [...said.inputs, ...said.rows] };
  const remembered = { ...values, paper: said.paper, note: said.note, at: said.at.getTime() };
  const rows = { inputs: said.inputs, rows: said.rows };
  const happened = said.at.getTime();
  const drafts = here.mending ? [correction(said)] : [];
  drafts.push({ kind: said.kind, content, uris, shown, happened, values: { ...remembered, ...rows } });
  const photos = new Map();
  if (photo) {
    photos.set(drafts.length, photo.blob);
    drafts.push(document_(photo, uris, drafts.length - 1, happened));
  }
  const mends = here.mending?.id ?? null;
  await save(drafts, { values: { kind: said.kind, values }, photos, mends });
  await start();
  told(say('saved-more', { what: say(mends === null ? said.kind : 'correction') }));
  el('said').focus?.();
  work();
}

/** The declaration that an earlier record was wrong: its content, and which record stands instead. */
function correction(said) {
  const { content, leaf, uris, shown } = here.mending;
  const wrong = declared(read(utf8(content)), { at: new Date(), instead: said.id });
  return { kind: 'correction', entryKind: 'correction', content: wrong, uris, parents: [leaf], shown, happened: Date.now() };
}

function document_(photo, about, place, happened) {
  const id = `urn:uuid:${uuid()}`;
  const name = `foto-${new Date(happened).toLocaleDateString('sv')}.jpg`;
  const content = (leaves) => documentOf({ ...photo, id, name, about, entry: leaves[place] });
  return { kind: 'document', entryKind: 'document', content, uris: about, parents: [(leaves) => leaves[place]], shown: {}, happened };
}

async function pictured(file) {
  try {
    return await picture(file);
  } catch {
    unsaved(say('photo-wrong'));
    return 'wrong';
  }
}

async function recordAtOffice(said) {
  el('save').disabled = true;
  try {
    const found = await office.record(eventOf(said.kind, said), el('token').value.trim());
    await start();
    told(say(found.duplicate ? 'office-duplicate' : 'office-saved', { what: say(said.kind), n: found.index }));
  } finally {
    el('save').disabled = false;
  }
}

/** Send what waits, then hear what is new. One at a time; whoever asks meanwhile waits for the same. */
function work() {
  here.sending ??= sending().finally(() => {
    here.sending = null;
  });
  return here.sending;
}

async function sending() {
  if (Date.now() - here.asked > STALE) {
    here.asked = Date.now();
    here.worker?.update().catch(() => {});
  }
  try {
    await learn(await firstWaiting());
    if (await send(update)) await learn(null);
  } catch (error) {
    if (!['offline', 'server-busy'].includes(error.code)) warned(why(error));
  }
  await update();
}

/** Hear what is new, and what the log has of this phone. A key that ended is told nothing, but what it signed is sent. */
async function learn(since) {
  const own = await device();
  try {
    here.facts = await refresh(since);
    await holdAgainst(here.facts);
    if (own.ended?.code === 'device-unknown') await put('state', { ...own, ended: null }, 'device');
  } catch (error) {
    if (error.code !== 'device-unknown') throw error;
    await put('state', { ...own, ended: { code: error.code, detail: error.context.detail } }, 'device');
  }
}

async function again() {
  if (await get('state', 'former')) {
    const count = await sayAgain();
    if (count) told(say('said-again', { n: count }));
  }
}

async function update() {
  const own = await device();
  if (!el('start').hidden) await start();
  if (!el('list').hidden) await list();
  const restored = own.ended?.code === 'restored' || (await isRestored());
  el('ended').hidden = el('new-key').hidden = !own.ended && !restored;
  if (el('ended').hidden) return;
  el('ended').textContent = restored ? say('restored') : say('ended', { why: own.ended.detail ?? own.ended.code });
  warned(el('ended').textContent);
}

/** Has the log more of this phone than the phone itself? Asked where nothing is on its way. */
async function isRestored() {
  const lane = await get('state', 'lane');
  return (here.facts?.lane?.seq ?? 0) > lane.seq;
}

async function list() {
  show('list');
  el('heading').textContent = say('records');
  await showRecords(here.facts, async (record) => {
    here.mending = record;
    await open(record.values.kind);
    here.mending = record;
    here.form.fill(record.values);
  });
  const ahead = await drift();
  el('drift').hidden = Math.abs(ahead) < MOST_DRIFT;
  el('drift').textContent = say('clock', {
    minutes: Math.round(Math.abs(ahead) / 60000), side: say(ahead > 0 ? 'clock-ahead' : 'clock-behind'),
  });
}

async function phone() {
  show('settings');
  el('heading').textContent = say('phone');
  const [own, persisted] = [await device(), await navigator.storage?.persisted?.()];
  const facts = [
    ['fact-member', here.facts?.name ?? own.iss],
    ['fact-key', fingerprint(own.kid)],
    ['fact-log', own.origin],
    ['fact-kept', say(persisted ? 'fact-kept-yes' : 'fact-kept-no')],
    ['fact-facts', here.facts?.at ? moment(here.facts.at) : '-'],
  ];
  el('facts').replaceChildren(...facts.flatMap(([name, text]) => [make('dt', { text: say(name) }), make('dd', { text })]));
}

async function saveCopy() {
  const blob = new Blob([JSON.stringify(await copy())], { type: 'application/json' });
  const link = make('a', { href: URL.createObjectURL(blob), download: `campo-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
}

async function takeCopy() {
  const file = el('take-in').files[0];
  el('take-in').value = '';
  try {
    told(say('taken-in', { n: await takeIn(await file.text()) }));
  } catch {
    warned(say('copy-form'));
  }
  await list();
  work();
}

/** A version 4 UUID, where the platform has none too (plain HTTP). */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function newKey() {
  el('ended').hidden = el('new-key').hidden = true;
  warned(null);
  show('admission');
  el('ask').hidden = false;
  el('asking').hidden = true;
  await askAdmission(begin);
  el('ask').hidden = false;
  el('asking').hidden = true;
}

function wire() {
  for (const button of document.querySelectorAll('[data-kind]')) {
    button.addEventListener('click', () => open(button.dataset.kind).catch((error) => warned(why(error))));
  }
  const on = (id, event, what) => el(id).addEventListener(event, what);
  on('record', 'submit', submit);
  for (const event of ['input', 'change']) {
    on('record', event, () => {
      here.attempt = null;
    });
  }
  on('site', 'change', () => here.form.refresh());
  on('more-inputs', 'click', () => here.form.more('inputs'));
  on('more-rows', 'click', () => here.form.more('rows'));
  on('back', 'click', start);
  on('home', 'click', start);
  on('settings-back', 'click', start);
  on('to-list', 'click', () => {
    told(null);
    return list();
  });
  on('to-phone', 'click', phone);
  on('send', 'click', () => work());
  on('copy', 'click', saveCopy);
  on('take-in', 'change', takeCopy);
  on('new-key', 'click', newKey);
  on('form', 'click', async (event) => {
    if (!event.target.matches('.scan')) return;
    const row = event.target.closest('.lot-row');
    const text = await scan();
    if (text) here.form.take(row, text);
  });
  hearScanner((text) => {
    const rows = el('form').hidden ? [] : [...document.querySelectorAll('#form .lot-row')];
    const row = rows.find((each) => each.contains(document.activeElement)) ?? rows[0];
    if (row && here.form.take(row, text)) row.querySelector('.amount').focus();
  });
  // What is on its way when the network comes back may fail yet: then it is tried again at once.
  window.addEventListener('online', () => (here.sending ? here.sending.then(work) : work()));
  document.addEventListener('visibilitychange', () => {
    renew();
    if (!document.hidden && !here.office && el('admission').hidden) work().then(renew);
  });
  setInterval(async () => {
    renew();
    if (here.office || !el('admission').hidden) return;
    const old = Date.now() - (here.facts?.at ?? 0) > STALE;
    if (old || counted(await records()).waiting) work();
  }, AGAIN);
}

wire();
begin().catch((error) => warned(why(error)));
