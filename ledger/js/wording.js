/* Code and context become a sentence: as `schemas/wording.py`, from the same tables (`words.it.js`, `words.en.js`).
 *
 *     import * as words from './words.it.js'; sentence(words, 'bundle-self', {});
 */

// The values of a context that are words of ours, not names or numbers of the file's.
const SPOKEN = ['problem', 'expected', 'element', 'who'];
const [INVISIBLE, SHOWN_FOR_IT] = [/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd'];

/** The sentence for a code; a code without one is shown as itself with its values. */
export function sentence({ SENTENCES, WORDS }, code, context = {}) {
  if (!Object.hasOwn(SENTENCES, code)) {
    const details = Object.entries(context).map(([name, value]) => `${name}=${value}`).join(', ');
    return visible(details ? `${code} (${details})` : code);
  }
  return visible(SENTENCES[code].replace(/\{(\w+)\}/g, (hole, name) => {
    if (!Object.hasOwn(context, name)) return hole;
    const value = String(context[name]);
    return SPOKEN.includes(name) && Object.hasOwn(WORDS, value) ? WORDS[value] : value;
  }));
}

/** The sentences of one verdict's reasons; the same about several entries is said once, with all of them named. */
export function reasonLines(words, reasons) {
  const groups = new Map();
  for (const reason of reasons) {
    const alike = JSON.stringify([reason.code, Object.entries(reason.context).sort()]);
    groups.set(alike, [...(groups.get(alike) ?? []), reason]);
  }
  return [...groups.values()].map((alike) => lineOf(words, alike));
}

function lineOf(words, alike) {
  const [{ code, context }] = alike;
  const indexes = [...new Set(alike.map(({ index }) => index).filter((index) => index !== null))];
  const index = indexes.length ? ranges(indexes.sort((one, other) => one - other)) : null;
  const text = sentence(words, code, { index, ...context });
  const said = (words.SENTENCES[code] ?? '').includes('{index}');
  return index === null || said ? text : sentence(words, 'reason-at-entry', { index, text });
}

/** Rising numbers as people write them: `11–14, 16`. */
function ranges(indexes) {
  const runs = [];
  for (const index of indexes) {
    const last = runs.at(-1);
    if (last !== undefined && index === last.at(-1) + 1) last.push(index);
    else runs.push([index]);
  }
  return runs.map((run) => (run.length === 1 ? run[0] : `${run[0]}–${run.at(-1)}`)).join(', ');
}

/** What a file says of itself is shown without characters that are not seen. */
function visible(text) {
  return text.replace(INVISIBLE, SHOWN_FOR_IT);
}
