/* Our own terms in an event, whatever prefix its context gives them. As `schemas/epcis/own_terms.py` and
 * `schemas/epcis/namespaces.py`, for the one term that a balance asks for.
 */

import { hex, utf8 } from './bytes.js';
import { Decimal } from './decimal.js';
import { Num } from './json_text.js';

const NAMESPACE = 'https://filiera.invalid/voc/';
const NUMBER = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;
// Names of one context that are read; a real one has a handful.
const MOST = 512;

/** The kilograms that an event says were lost (`wasteKg`), null where it says none. */
export function wasted(content) {
  const lost = decimal(ownValue(content, 'wasteKg'));
  return lost === null || lost.sign < 0 ? null : lost;
}

/** A number, or a text that is one; null for any other value, or an absurd one. */
export function decimal(value) {
  if (value instanceof Num) return Decimal.read(value.text);
  return typeof value === 'string' && NUMBER.test(value) ? Decimal.read(value) : null;
}

/** The value of a term of ours on the event itself (of two spellings, the first). */
function ownValue(content, name) {
  const known = namespaces(content.get('@context'));
  const wanted = joined(NAMESPACE, name);
  const written = [...content.keys()].filter((each) => extensionName(each, known) === wanted);
  // In the order of their characters: that of UTF-8, which is not that of `sort`.
  const [first] = written.sort((one, other) => (hex(utf8(one)) < hex(utf8(other)) ? -1 : 1));
  return first === undefined ? undefined : content.get(first);
}

/** What the prefixes and terms of an `@context` stand for; addresses of contexts are not followed. */
function namespaces(context) {
  const found = new Map();
  for (const part of Array.isArray(context) ? context : [context]) {
    for (const [name, value] of part instanceof Map ? part : []) {
      if (found.size >= MOST) return expanded(found);
      const iri = value instanceof Map ? value.get('@id') : value;
      if (typeof iri === 'string' && !name.startsWith('@')) found.set(name, iri);
    }
  }
  return expanded(found);
}

function expanded(found) {
  for (const [name, iri] of found) {
    const prefix = prefixOf(iri);
    if (prefix !== null && found.has(prefix) && prefix !== name) {
      found.set(name, found.get(prefix) + iri.slice(prefix.length + 1));
    }
  }
  return found;
}

function extensionName(name, known) {
  const prefix = prefixOf(name);
  if (prefix && prefix.toLowerCase() !== 'urn') {
    return joined(known.get(prefix) || `${prefix}:`, name.slice(prefix.length + 1));
  }
  if (name.includes(':')) return splitIri(name);
  return known.has(name) ? splitIri(known.get(name)) : `#${name}`;
}

/** The part before the first colon, null where there is none or the text is a whole IRI. */
function prefixOf(text) {
  const colon = text.indexOf(':');
  return colon < 0 || text.startsWith('//', colon + 1) ? null : text.slice(0, colon);
}

function splitIri(iri) {
  const [, namespace, local] = /^(.*[#/:])([^#/:]*)$/s.exec(iri) ?? [];
  return namespace === undefined ? `#${iri}` : joined(namespace, local);
}

function joined(namespace, local) {
  return `${withoutSlashes(namespace)}#${local}`;
}

/** A text without `#` and `/` at its end. A pattern would look at every slash inside again and again. */
function withoutSlashes(text) {
  let end = text.length;
  while (end && '#/'.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}
