/* What happened, as EPCIS 2.0 says it: harvest, packing, shipping, receiving; and that a record was wrong.
 *
 * - One event a record, with an id of its own, the phone's time and its zone; amounts keep the text that was typed.
 * - Pure: no clock, no randomness, no storage.
 *
 *     eventOf('harvest', { at, id, site, rows: [{ uri, amount: '412.5', unit: 'KGM' }] })
 *
 * GS1 EPCIS 2.0; CBV 2.0; docs/adr/0043-our-own-terms.md.
 */

import { treeOf } from '../ledger/json_write.js';
import { Num } from '../ledger/json_text.js';

const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { filiera: 'https://filiera.invalid/voc/' }];

/** The event of a record, as a tree that is signed as it is. `said`: what the form gave. */
export function eventOf(kind, said) {
  const head = {
    '@context': CONTEXT,
    type: kind === 'packing' ? 'TransformationEvent' : 'ObjectEvent',
    eventID: said.id,
    ...timeOf(said.at),
  };
  const place = said.site ? { readPoint: { id: said.site }, bizLocation: { id: said.site } } : {};
  return treeOf({ ...head, ...OF_KIND[kind](said), ...place, 'filiera:note': said.note || undefined });
}

/** The declaration that an event was wrong (EPCIS 2.0 section 7.4.8); `instead`: the id of the event that is right. */
export function declared(event, { at, instead }) {
  const declaration = { declarationTime: timeOf(at).eventTime, reason: 'incorrect_data', correctiveEventIDs: [instead] };
  return new Map([...event, ['errorDeclaration', treeOf(declaration)]]);
}

/** The document that shows a picture of what an entry says. */
export function documentOf({ id, mediaType, sha256, size, name, about, entry }) {
  return treeOf({ type: 'document', id, mediaType, sha256, size: new Num(`${size}`), name, about, entry });
}

/** Time and zone of a moment, as this device has them. */
export function timeOf(at) {
  const minutes = -at.getTimezoneOffset();
  const [hour, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((each) => `${each}`.padStart(2, '0'));
  return { eventTime: at.toISOString(), eventTimeZoneOffset: `${minutes < 0 ? '-' : '+'}${hour}:${rest}` };
}

const OF_KIND = {
  harvest: ({ rows, at, siteName }) => ({
    action: 'ADD', bizStep: 'commissioning', disposition: 'active', quantityList: rows.map(quantity),
    ilmd: { 'filiera:harvestDate': at.toLocaleDateString('sv'), 'filiera:fieldName': siteName || undefined },
  }),
  packing: ({ inputs, rows }) => ({
    bizStep: 'packing', disposition: 'active',
    inputQuantityList: inputs.map(quantity), outputQuantityList: rows.map(quantity),
  }),
  shipping: (said) => ({ action: 'OBSERVE', bizStep: 'shipping', disposition: 'in_transit', ...moved(said, said.own, said.party) }),
  receiving: (said) => ({ action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress', ...moved(said, said.party, said.own) }),
};

function moved({ rows, paper }, source, destination) {
  const units = rows.filter(({ uri }) => isUnit(uri)).map(({ uri }) => uri);
  const loose = rows.filter(({ uri }) => !isUnit(uri)).map(quantity);
  const number = paperUri(paper, source);
  return {
    epcList: units.length ? units : undefined,
    quantityList: loose.length ? loose : undefined,
    bizTransactionList: number ? [{ type: 'desadv', bizTransaction: number }] : undefined,
    sourceList: source ? [{ type: 'possessing_party', source }] : undefined,
    destinationList: destination ? [{ type: 'possessing_party', destination }] : undefined,
  };
}

/** A unit or an item is named alone; a lot with an amount. */
function isUnit(uri) {
  return /\/(00|21)\/[^/]+$/.test(uri);
}

/** The number of a delivery note as a URI, where its issuer has a GLN (CBV 2.0 section 8.5). */
function paperUri(number, issuer) {
  const gln = /\/41[47]\/([0-9]{13})$/.exec(issuer ?? '')?.[1];
  return number && gln ? `urn:epcglobal:cbv:bt:${gln}:${encodeURIComponent(number)}` : null;
}

function quantity({ uri, amount, unit }) {
  return { epcClass: uri, quantity: amount ? new Num(amount) : undefined, uom: amount && unit ? unit : undefined };
}
