/* The one HTML file: both languages in it, policies baked in. `POLICIES` is written by `exporters/verifier_page.py`. */

import * as english from '../ledger/words.en.js';
import * as italian from '../ledger/words.it.js';
import { sentence } from '../ledger/wording.js';
import { POLICIES } from './policies.js';
import { startVerifier } from './verifier.js';

const LANGUAGES = { it: italian, en: english };

function chosen() {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('it')) ? 'it' : 'en';
}

/** The words of the page itself, at the elements that name them. */
function speak(language) {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-says]')) {
    element.textContent = sentence(LANGUAGES[language], element.dataset.says);
  }
  document.title = sentence(LANGUAGES[language], 'page-title');
}

const first = chosen();
speak(first);
const verifier = startVerifier({ words: LANGUAGES[first], policies: POLICIES });
document.getElementById('language').addEventListener('click', () => {
  const language = document.documentElement.lang === 'it' ? 'en' : 'it';
  speak(language);
  verifier.speak(LANGUAGES[language]);
});
document.body.classList.add('ready');
