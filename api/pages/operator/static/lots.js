/* Lots as they are typed, scanned and shown.
 *
 * - Scanned or typed may be a Digital Link, an EPC URN, an element string with brackets or as a scanner hands it on
 *   (`]C1…`, FNC1 as the group separator), a bare SSCC or GTIN, or the code of a lot alone, of the product chosen.
 * - Check digits are looked at here, while somebody can still look at the label again.
 *
 *     lotOf('(01)09521001001014(10)11-260701')   // { uri: 'https://id.gs1.org/01/09521001001014/10/11-260701' }
 *
 * GS1 General Specifications, sections 3 and 7.8; GS1 Digital Link URI Syntax.
 */

import { canonicalUri, taggedObject } from '../ledger/canonical.js';

const LINK = 'https://id.gs1.org';
// Lengths of the values that are fixed without a separator after them (GS1 General Specifications, figure 7.8.5-2).
const FIXED = { '00': 18, '01': 14, '02': 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2, 41: 13 };
const LOT = /^[!"%-?A-Z_a-z]{1,20}$/;

/** What a text names: `{uri}`, `{gtin}` without a lot, `{lot}` the code alone, or `{wrong}`, why not. */
export function lotOf(text) {
  const typed = text.trim();
  if (/^(https?|urn):/i.test(typed)) return linked(typed);
  const elements = typed.startsWith('(') ? bracketed(typed) : scanned(typed);
  if (elements) return named(elements);
  if (/^[0-9]{18}$/.test(typed)) return named({ '00': typed });
  if (/^[0-9]{13,14}$/.test(typed) && checked(typed)) return named({ '01': typed.padStart(14, '0') });
  return LOT.test(typed) ? { lot: typed } : { wrong: 'lot-form' };
}

/** The URI of a product's lot. */
export function lotUri(product, lot) {
  const spelled = [...lot].map((each) => (/[A-Za-z0-9\-._~]/.test(each) ? each : `%${hexOf(each)}`)).join('');
  return canonicalUri(`${product}/10/${spelled}`);
}

/** The code of a lot and the product that it is of, for people. */
export function shownLot(uri) {
  const [, product, lot] = /^(.*\/01\/[0-9]{14})\/(?:10|21)\/(.*)$/.exec(uri) ?? [];
  return product ? { product, lot: decodeURIComponent(lot) } : { product: null, lot: uri.replace(/^.*\/00\//, 'SSCC ') };
}

/** A code for today's lot of a product: day of the year, and the place it comes from where it has a number. */
export function proposed(place, now) {
  const day = now.toLocaleDateString('sv').slice(2).replaceAll('-', '');
  const number = /\/414\/[0-9]{7,9}([0-9]{3,5})[0-9]$/.exec(place ?? '')?.[1].replace(/^0+/, '').slice(-3);
  return number ? `${number}-${day}` : day;
}

/** A GTIN that is typed as its product's URI; null where it is none. */
export function productUri(text) {
  const typed = text.replace(/\s/g, '');
  return /^([0-9]{8}|[0-9]{12,14})$/.test(typed) && checked(typed) ? `${LINK}/01/${typed.padStart(14, '0')}` : null;
}

function linked(text) {
  const uri = taggedObject(text);
  if (uri !== null) return wrongDigits(uri) ? { wrong: 'lot-digit' } : { uri };
  const product = canonicalUri(text);
  return /\/01\/[0-9]{14}$/.test(product) ? { gtin: product } : { wrong: 'lot-form' };
}

function wrongDigits(uri) {
  const found = /^https:\/\/id\.gs1\.org\/(?:01\/([0-9]{14})|00\/([0-9]{18}))/.exec(uri);
  return found !== null && !checked(found[1] ?? found[2]);
}

function named(elements) {
  const { '00': sscc, '01': gtin, 10: lot, 21: serial } = elements;
  if (sscc) return checked(sscc) ? { uri: `${LINK}/00/${sscc}` } : { wrong: 'lot-digit' };
  if (!gtin) return lot ? { lot } : { wrong: 'lot-form' };
  if (!checked(gtin)) return { wrong: 'lot-digit' };
  const product = `${LINK}/01/${gtin}`;
  if (lot) return { uri: lotUri(product, lot) };
  return serial ? { uri: lotUri(product, serial).replace('/10/', '/21/') } : { gtin: product };
}

function bracketed(text) {
  const found = [...text.matchAll(/\(([0-9]{2,4})\)([^(]+)/g)];
  return found.map(([whole]) => whole).join('') === text ? Object.fromEntries(found.map(([, ai, value]) => [ai, value.trim()])) : null;
}

/** An element string as a scanner hands it on. */
function scanned(text) {
  const [, mark, data] = /^(\][A-Za-z][0-9])?\x1d?(.*)$/s.exec(text);
  if (!mark && !/\x1d/.test(text) && !/^(01[0-9]{14}|00[0-9]{18})./.test(`${text} `)) return null;
  const elements = {};
  for (let left = data; left;) {
    const ai = /^(00|01|02|1[0-7]|20|21|22|30|37|41[0-7]|3[1-3][0-9]{2}|24[01])/.exec(left)?.[0];
    if (!ai) return null;
    const size = FIXED[ai.slice(0, 2)] ?? (/^3[1-3]/.test(ai) && ai.length === 4 ? 6 : null);
    const end = left.indexOf('\x1d', ai.length);
    const value = size ? left.slice(ai.length, ai.length + size) : left.slice(ai.length, end < 0 ? undefined : end);
    if (!value || (size && value.length !== size)) return null;
    elements[ai] = value;
    left = left.slice(ai.length + value.length).replace(/^\x1d/, '');
  }
  return Object.keys(elements).length ? elements : null;
}

/** The last digit is right (GS1 General Specifications, section 7.9). */
function checked(digits) {
  const sum = [...digits].reverse().slice(1).reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

function hexOf(character) {
  return character.codePointAt(0).toString(16).toUpperCase().padStart(2, '0');
}
