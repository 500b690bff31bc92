/* The page's words, as the server wrote them into it, and the few things that every part of the page asks of it. */

const KNOWN = JSON.parse(document.querySelector('meta[name=words]').content);
export const language = document.documentElement.lang;

/** The words of a key, filled. */
export function say(key, context = {}) {
  return KNOWN[key].replace(/\{(\w+)\}/g, (_, name) => context[name]);
}

/** Words for an error: our own where we have them, else what the server said of it. */
export function why(error) {
  // The platform's own errors have names; their codes are numbers of old.
  const [code, context] = [typeof error.code === 'string' ? error.code : error.name, error.context ?? {}];
  if (code === 'offline') return say('no-answer');
  if (code in KNOWN) return say(code, context);
  return context.detail ?? (code || String(error));
}

/** The element of an id. */
export function el(id) {
  return document.getElementById(id);
}

/** A new element with text and children. */
export function make(tag, { text = '', className = '', ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Day and time of a moment, as people write them. */
export function moment(at) {
  const when = new Date(at);
  const year = when.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
  return when.toLocaleString(language, { day: '2-digit', month: '2-digit', ...year, hour: '2-digit', minute: '2-digit' });
}

/** Say something that went well; null takes it away. */
export function told(text) {
  shown('said', text);
  if (text) shown('warned', null);
}

/** Say something that did not. */
export function warned(text) {
  shown('warned', text);
  if (text) shown('said', null);
}

function shown(id, text) {
  el(id).hidden = !text;
  el(id).textContent = text ?? '';
}
