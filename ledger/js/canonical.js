/* One spelling for each GS1 identifier: the canonical Digital Link. As `schemas/gs1/canonical.py`.
 *
 * - URNs and Digital Links of any domain become `https://id.gs1.org/…` with the finest key alone.
 * - Nothing is judged here: what cannot be read stays as written, wrong check digits pass.
 *
 * The rules are those of docs/spec/identifiers.md, in its order.
 */

import { utf8 } from './bytes.js';

const MOST_CHARACTERS = 2048;
const WORDS = {
  gtin: '01', itip: '8006', cpid: '8010', gmn: '8013', gln: '414', party: '417', payTo: '415', gsrnp: '8017',
  gsrn: '8018', gcn: '255', sscc: '00', gdti: '253', ginc: '401', gsin: '402', grai: '8003', giai: '8004',
};
const QUALIFIER_WORDS = {
  cpv: '22', lot: '10', ser: '21', tpx: '235', glnx: '254', refno: '8020', cpsn: '8011', srin: '8019',
};
const X = '[!"%-/0-9:-?A-Z_a-z]';
const FORMS = Object.fromEntries(Object.entries({
  '00': '\\d{18}', '01': '\\d{14}', 253: `\\d{13}${X}{0,17}`, 255: '\\d{13,25}', 401: `\\d{4}${X}{0,26}`,
  402: '\\d{17}', 414: '\\d{13}', 415: '\\d{13}', 417: '\\d{13}', 8003: `0\\d{13}${X}{0,16}`,
  8004: `\\d{4}${X}{0,26}`, 8006: '\\d{18}', 8010: '\\d{4}[#\\-/0-9A-Z]{0,26}', 8013: `\\d{4}${X}{0,21}`,
  8017: '\\d{18}', 8018: '\\d{18}', 10: `${X}{1,20}`, 21: `${X}{1,20}`, 22: `${X}{1,20}`, 235: `${X}{1,28}`,
  254: `${X}{1,20}`, 7040: `\\d${X}${X}[-_0-9A-Za-z]`, 8011: '0|[1-9]\\d{0,11}', 8019: '\\d{1,10}', 8020: `${X}{1,25}`,
}).map(([ai, form]) => [ai, new RegExp(`^(?:${form})$`)]));
const QUALIFIERS = new Set(['10', '21', '22', '235', '254', '7040', '8011', '8019', '8020']);
const SEQUENCES = {
  '01': ['22 10 21', '235'], 8006: ['22 10 21'], 414: ['254', '7040'], 415: ['8020'], 417: ['7040'],
  8004: ['7040'], 8010: ['8011'], 8017: ['8019'], 8018: ['8019'],
};
const FINEST = { '01': ['235', '21', '10'], 8006: ['21', '10'], 414: ['254'], 8010: ['8011'], 415: ['8020'] };
const ALWAYS_ONE = new Set(['00', '401', '402', '8004']);
const ONE_WHEN_QUALIFIED = new Set(['01', '8006', '8010']);
const ONE_WHEN_LONGER = { 8003: 14, 253: 13, 255: 13 };
const ESCAPED = /[ !"#%&()*+,/:<>?]/g;
const LINK = /^(?:https?|HTTPS?):\/\/(?:[^@[\]$/]*@)?[A-Za-z0-9.\-_]+(?::[0-9]{0,5})?(\/.*)$/s;
const LEGAL = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
// White space as Unicode and Python have it; to JavaScript a byte order mark is some, too.
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.\-]*:(?:[^\s\x1c-\x1f\x85]|\ufeff)/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f]/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})|%00|%[89A-Fa-f]/;
const SERIAL = /^(?:[!'()*+,\-.0-9:;=A-Z_a-z]|%2[256Ff]|%3[CcEeFf])+$/;
const COMPONENT = /^(?:[-0-9A-Z]|%2[3Ff])+$/;
// Scheme of an EPC URN: the key, and how many digits prefix and reference have together (0: as many as they like).
const BODIES = {
  sgtin: ['01', 13], lgtin: ['01', 13], upui: ['01', 13], itip: ['8006', 13], sscc: ['00', 17],
  sgln: ['414', 12], pgln: ['417', 12], gsin: ['402', 16], gsrn: ['8018', 17], gsrnp: ['8017', 17],
  grai: ['8003', 12], gdti: ['253', 12], sgcn: ['255', 12], giai: ['8004', 0], ginc: ['401', 0], cpi: ['8010', 0],
};
const SERIALS = { sgtin: '21', lgtin: '10', upui: '235', sgln: '254', itip: '21', cpi: '8011' };
const PATTERNS = new Set(['sgtin', 'upui', 'itip', 'cpi', 'grai', 'gdti', 'sgcn']);
const known = new Map();

/** The canonical Digital Link of a GS1 identifier in URN or Digital Link form; anything else as written. */
export function canonicalUri(uri) {
  const found = elementsOf(uri);
  return found === null ? uri : link(found);
}

/** The URI an entry about this object is tagged by, or null where it names no one thing. */
export function taggedObject(uri) {
  if (uri.startsWith('urn:epc:idpat:') || !keepable(uri)) return null;
  const found = elementsOf(uri);
  if (found === null) return ABSOLUTE.test(uri) ? uri : null;
  const [[ai, value], ...others] = found;
  const one = ALWAYS_ONE.has(ai)
    || (ONE_WHEN_QUALIFIED.has(ai) && others.length > 0)
    || (Object.hasOwn(ONE_WHEN_LONGER, ai) && value.length > ONE_WHEN_LONGER[ai]);
  return one ? link(found) : null;
}

/** Whether a URI can be looked up everywhere: at most 2,048 bytes of UTF-8, no control characters. */
export function keepable(uri) {
  return utf8(uri).length <= MOST_CHARACTERS && !CONTROL.test(uri);
}

function link(found) {
  const parts = found.flatMap(([ai, value]) => [ai, value.replace(ESCAPED, percent)]);
  return ['https://id.gs1.org', ...parts].join('/');
}

function percent(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Primary key and finest qualifier, null where the URI is no identifier of GS1. */
function elementsOf(uri) {
  // A bundle names the same few objects over and over.
  if (!known.has(uri)) {
    if (known.size > 1 << 14) known.clear();
    known.set(uri, uri.length > MOST_CHARACTERS && [...uri].length > MOST_CHARACTERS ? null : read(uri));
  }
  return known.get(uri);
}

function read(uri) {
  const found = uri.startsWith('urn:epc:') ? ofUrn(uri) : ofLink(uri);
  if (found === null || found.some(([ai, value]) => !Object.hasOwn(FORMS, ai) || !FORMS[ai].test(value))) return null;
  const [primary, ...others] = found;
  const values = new Map(others.filter(([ai, value]) => ai !== '254' || value !== '0'));
  const best = (FINEST[primary[0]] ?? []).find((ai) => values.has(ai));
  return best === undefined ? [primary] : [primary, [best, values.get(best)]];
}

function ofLink(uri) {
  const match = LINK.exec(uri.split(/[?#]/)[0]);
  if (match === null || !LEGAL.test(uri)) return null;
  const parts = match[1].split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  let at = parts.length - 2;
  while (at >= 0 && !isKey(parts[at])) at -= 2;
  if (at < 0) return null;
  const found = [];
  for (; at < parts.length; at += 2) {
    const words = found.length ? QUALIFIER_WORDS : WORDS;
    const name = Object.hasOwn(words, parts[at]) ? words[parts[at]] : parts[at];
    if (BAD_ESCAPE.test(parts[at + 1])) return null;
    const value = unescaped(parts[at + 1]);
    found.push([name, name === '01' && /^(?:[0-9]{8}|[0-9]{12,13})$/.test(value) ? value.padStart(14, '0') : value]);
  }
  return qualified(found) ? found : null;
}

function isKey(name) {
  return Object.hasOwn(WORDS, name) || (Object.hasOwn(FORMS, name) && !QUALIFIERS.has(name));
}

/** What follows the key qualifies it, in order, each once. */
function qualified([[ai], ...others]) {
  return (SEQUENCES[ai] ?? ['']).some((sequence) => {
    const waiting = sequence.split(' ');
    let at = -1;
    const inOrder = others.every(([name]) => (at = waiting.indexOf(name, at + 1)) >= 0);
    return inOrder && (ai !== '415' || others.length > 0);
  });
}

/** An EPC URN: the company prefix and what follows fill the key; its check digit is computed. */
function ofUrn(uri) {
  const [, form, scheme, tail] = /^urn:epc:([^:]*):([^:]*):(.*)$/s.exec(uri) ?? [];
  const match = /^([0-9]{6,12})\.(.*)$/s.exec(tail ?? '');
  if (match === null || !Object.hasOwn(BODIES, scheme) || !allowed(form, scheme)) return null;
  const [, prefix, rest] = match;
  return BODIES[scheme][1] ? withDigits(form, scheme, prefix, rest) : withText(form, scheme, prefix, rest);
}

function allowed(form, scheme) {
  if (form === 'class') return scheme === 'lgtin';
  return form === 'id' ? scheme !== 'lgtin' : form === 'idpat' && PATTERNS.has(scheme);
}

/** GIAI, GINC and CPI: what follows the prefix is text. */
function withText(form, scheme, prefix, rest) {
  if (form === 'idpat' && !rest.endsWith('.*')) return null;
  const cut = scheme === 'cpi' && form === 'id' ? rest.lastIndexOf('.') : -1;
  const text = cut >= 0 ? rest.slice(0, cut) : rest.replace(/\.\*$/, '');
  if (!(scheme === 'cpi' ? COMPONENT : SERIAL).test(text)) return null;
  const key = [BODIES[scheme][0], prefix + unescaped(text)];
  return cut >= 0 ? [key, ['8011', rest.slice(cut + 1)]] : [key];
}

/** All other schemes: prefix and reference have their digits, a serial may follow. */
function withDigits(form, scheme, prefix, rest) {
  const [ai, length] = BODIES[scheme];
  const [, reference, dot, after] = /^([^.]*)(\.?)(.*)$/s.exec(rest);
  if (prefix.length + reference.length !== length || !/^[0-9]*$/.test(reference)) return null;
  const front = ['00', '01', '8006'].includes(ai) ? 1 : 0;
  let key = (ai === '8003' ? '0' : '') + reference.slice(0, front) + prefix + reference.slice(front);
  key += checkDigit(key);
  let serial = after;
  if (scheme === 'itip') {
    const pieces = /^([0-9]{2})\.([0-9]{2})\.(.*)$/s.exec(serial);
    if (pieces === null) return null;
    key += pieces[1] + pieces[2];
    serial = pieces[3];
  }
  const serialled = Object.hasOwn(SERIALS, scheme) || PATTERNS.has(scheme);
  if (serialled !== (dot === '.')) return null;
  if (form === 'idpat') return serial === '*' ? [[ai, key]] : null;
  if (serialled && !SERIAL.test(serial)) return null;
  const text = unescaped(serial);
  if (!serialled || (scheme === 'sgln' && text === '0')) return [[ai, key]];
  return Object.hasOwn(SERIALS, scheme) ? [[ai, key], [SERIALS[scheme], text]] : [[ai, key + text]];
}

function checkDigit(body) {
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum += (at % 2 ? 1 : 3) * Number(body[body.length - 1 - at]);
  return String((10 - (sum % 10)) % 10);
}

function unescaped(text) {
  return text.replace(/%(..)/gs, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
}
