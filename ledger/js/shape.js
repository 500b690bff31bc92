/* What has a disclosure of its own: as `ledger/entry/shape.py`. There is one form for one content.
 *
 *     split('content', 'epcList', ['urn:…'])   // 'elements'
 */

const SPLIT_LISTS = new Set([
  'epcList', 'childEPCs', 'inputEPCList', 'outputEPCList',
  'quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList',
  'bizTransactionList', 'sourceList', 'destinationList', 'sensorElementList',
]);
// The EPCIS 2.0 members whose value may be an object and is one fact. Fixed for `v` 1.
const WHOLE = new Set([
  '@context', 'type', 'id', 'eventID', 'eventTime', 'recordTime', 'eventTimeZoneOffset', 'action',
  'bizStep', 'disposition', 'persistentDisposition', 'readPoint', 'bizLocation', 'parentID',
  'transformationID', 'certificationInfo', ...SPLIT_LISTS,
]);
export const RECORD_LISTS = new Set(['par', 'lots']);

/** How the value of a member of a branch is divided into disclosures; null when it is one. */
export function split(branch, name, value) {
  if (Array.isArray(value)) {
    const lists = branch === 'content' ? SPLIT_LISTS : branch === 'record' ? RECORD_LISTS : new Set();
    return value.length && lists.has(name) ? 'elements' : null;
  }
  return branch === 'content' && value instanceof Map && value.size && !WHOLE.has(name) ? 'members' : null;
}
