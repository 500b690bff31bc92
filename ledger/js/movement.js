/* The one meaning of an event: which lots and units it makes, uses up, moves, packs and unpacks.
 * As `ledger/lots/movement.py`, which lists the rules. EPCIS 2.0 section 7.4, CBV 2.0 section 7.1.
 */

import { canonicalUri, keepable, taggedObject } from './canonical.js';

// In the order in which EPCIS 2.0 lists them.
const WHAT = [
  'parentID', 'epcList', 'quantityList', 'childEPCs', 'childQuantityList',
  'inputEPCList', 'inputQuantityList', 'outputEPCList', 'outputQuantityList',
];
const PACKING = ['AggregationEvent', 'AssociationEvent'];
export const RECEIPTS = ['receiving', 'accepting'];

/** What an event does: all its objects, and which of them it made, used, moved. A correction names and moves nothing. */
export function movement(content, correction = false) {
  const members = new Map(WHAT.map((name) => [name, objectsOf(content.get(name))]));
  const objects = [...new Set([...members.values()].flat())];
  const action = textOf(content.get('action'));
  const moves = {
    objects, made: new Set(), used: new Set(), moved: new Set(), parent: null, children: new Set(), born: new Set(),
    receipt: false, action, correction: correction || content.has('errorDeclaration'),
  };
  if (!moves.correction) Object.assign(moves, done(content, members, moves));
  return { ...moves, touched: new Set([...moves.made, ...moves.used, ...moves.moved, ...objects]) };
}

function done(content, members, { objects, action }) {
  const kind = typeOf(content);
  if (kind === 'TransformationEvent') return transformation(content, members);
  const receipt = RECEIPTS.includes(stepOf(content));
  const everything = new Set(objects);
  if (PACKING.includes(kind)) return packing(members, everything, action, receipt);
  if (kind === 'ObjectEvent' && action === 'ADD') return { made: everything, born: everything, receipt };
  if (kind === 'ObjectEvent' && action === 'DELETE') return { used: everything };
  return { moved: everything, receipt };
}

/** Inputs are used, outputs made; a `transformationID` stands between events that share it as an object of its own. */
function transformation(content, members) {
  const used = new Set([...members.get('inputEPCList'), ...members.get('inputQuantityList')]);
  const made = new Set([...members.get('outputEPCList'), ...members.get('outputQuantityList')]);
  const [uses, makes] = [used.size > 0, made.size > 0];
  const run = textOf(content.get('transformationID'));
  if (run !== null && keepable(run)) {
    if (makes) used.add(canonicalUri(run));
    if (uses) made.add(canonicalUri(run));
  }
  return { used, made, born: made };
}

function packing(members, moved, action, receipt) {
  const parent = members.get('parentID')[0] ?? null;
  const children = new Set([...members.get('childEPCs'), ...members.get('childQuantityList')]);
  return { moved, parent, children, born: new Set(parent !== null && action === 'ADD' ? [parent] : []), receipt };
}

/** The objects of one member: an identifier, a list of them, or a list of quantity elements. */
function objectsOf(value) {
  return (Array.isArray(value) ? value : [value])
    .map((item) => (item instanceof Map ? item.get('epcClass') : item))
    .map((uri) => (typeof uri === 'string' ? taggedObject(uri) : null))
    .filter((uri) => uri !== null);
}

function typeOf(content) {
  const kind = content.get('type');
  return textOf(Array.isArray(kind) && kind.length ? kind[0] : kind);
}

/** The bare word of a CBV business step, from any of its spellings (CBV 2.0 section 7.1). */
function stepOf(content) {
  return (textOf(content.get('bizStep')) ?? '').split('BizStep-').at(-1).split(':').at(-1);
}

function textOf(value) {
  return typeof value === 'string' ? value : null;
}
