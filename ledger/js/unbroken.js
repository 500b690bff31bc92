/* `unbroken`: the history has no hole that the bundle itself shows. As `ledger/verify/unbroken.py`, which lists the
 * rules. What is hidden is never taken for absent.
 */

import { Opinion } from './account.js';
import { decode } from './base64url.js';
import { checkLanes } from './lanes.js';
import { HIDDEN } from './shown.js';
import { hiddenObjects, movements, tagsLeftOut } from './told.js';
import { Edges, history } from './trace.js';

/** The verdict; `seen` from `subject.js`. */
export function unbroken(opened, seen) {
  const opinion = new Opinion('unbroken');
  checkLanes(opened, opinion);
  const moves = movements(opened);
  const told = { moves, edges: new Edges(moves), arrived: arrived(moves) };
  const { subject, direction } = opened.bundle;
  if (subject !== null && !seen.has(subject)) {
    opinion.deny('subject-not-proved', null, { subject });
  } else if (!moves.size) {
    opinion.miss('history-not-shown');
  } else {
    const reached = direction === 'forward' ? new Set() : back(opened, told, seen, opinion);
    if (direction !== 'back' && subject !== null) forward(opened, told, reached, opinion);
  }
  return opinion;
}

function back(opened, told, seen, opinion) {
  const { subject } = opened.bundle;
  let [entries, followed] = [new Set(told.moves.keys()), new Set()];
  if (subject !== null) ({ entries, followed } = history(told.edges, subject, true));
  else if ([...told.moves.values()].some(({ objects }) => objects.length)) opinion.miss('no-subject');
  for (const uri of [...followed].sort()) origin(told, uri, seen.get(uri) ?? [], opinion);
  for (const position of rising(entries)) {
    parents(opened, opened.entries[position], opinion);
    hidden(opened, opened.entries[position], told.moves.get(position), opinion);
  }
  return entries;
}

function origin(told, uri, sightings, opinion) {
  const about = told.edges.entriesOf(uri).map(([, moves]) => moves);
  if (about.some(({ born }) => born.has(uri))) return;
  const lowest = sightings.length ? sightings.reduce((least, { n }) => Math.min(least, n), Infinity) : 0;
  if (lowest > 0) opinion.deny('upstream-left-out', null, { object: uri, n: lowest });
  else if (!received(told, uri, about)) opinion.miss('origin-not-recorded', null, { object: uri });
}

/** Whether the object, or a unit it travelled in, is received from outside here. */
function received(told, uri, about) {
  if (about.some(({ receipt, moved }) => receipt && moved.has(uri))) return true;
  return about.some(({ parent, children }) => parent !== null && children.has(uri) && told.arrived.has(parent));
}

/** Every object that an event of receipt is about. */
function arrived(moves) {
  return new Set([...moves.values()].filter(({ receipt }) => receipt).flatMap(({ touched }) => [...touched]));
}

function parents(opened, { log, index, entry }, opinion) {
  const named = entry.record?.get('par');
  if (!Array.isArray(named) || named.includes(HIDDEN)) {
    opinion.miss('parents-hidden', index);
    return;
  }
  for (const text of named) {
    const parent = find(opened, log, decode(text));
    if (parent === null) opinion.deny('parent-left-out', index, { parent: text });
    else if (parent.log === log && parent.index >= index) opinion.deny('parent-not-earlier', index, { parent: parent.index });
  }
}

/** An entry by its leaf hash, in its own log or one before it. */
function find(opened, log, leaf) {
  for (let number = log; number >= 0; number -= 1) {
    const found = opened.leaf(number, leaf);
    if (found !== null) return found;
  }
  return null;
}

function hidden(opened, shown, moves, opinion) {
  if (!shown.entry.hidden) return;
  const count = hiddenObjects(opened, shown, moves);
  if (tagsLeftOut(opened, shown)) opinion.miss('tags-left-out', shown.index, { more: shown.entry.claims.more });
  else if (count) opinion.miss('objects-hidden', shown.index, { count });
}

function forward(opened, told, reached, opinion) {
  const ahead = history(told.edges, opened.bundle.subject, false).entries;
  for (const position of rising(told.moves.keys())) {
    if (!ahead.has(position) && !reached.has(position)) {
      opinion.deny('not-from-the-subject', opened.entries[position].index);
    }
  }
}

function rising(positions) {
  return [...positions].sort((one, other) => one - other);
}
