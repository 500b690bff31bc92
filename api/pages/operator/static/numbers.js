/* Amounts as people type them: `1.250,5`, `1250,5`, `1 250`, and in English `1,250.5`; never guessed.
 *
 * - The last of two different signs is the decimal one, the other groups thousands.
 * - One sign with exactly three digits after it may mean either: both readings are given back, to be asked.
 *   An Italian's comma is always decimal, so only her full stop is asked; of an English text both are.
 * - The answer is the text of a JSON number, as it will be signed: `1250.5`.
 *
 *     readAmount('1.250,5', 'it')   // { number: '1250.5' }
 *     readAmount('1.250', 'it')     // { either: ['1250', '1.250'] }
 *     readAmount('dieci', 'it')     // {}
 */

const GROUPED = /^[0-9]{1,3}(?:([.,' \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])([0-9]{1,6}))?$/;
const PLAIN = /^([0-9]{1,15})(?:([.,])([0-9]{1,6}))?$/;

/** `{number}`, `{either: [whole, fraction]}` to be asked, or `{}` for what is no amount above zero. */
export function readAmount(text, language) {
  const typed = text.trim();
  const plain = PLAIN.exec(typed);
  const grouped = GROUPED.exec(typed);
  const ambiguous = plain && plain[3]?.length === 3 && plain[1].length <= 3 && plain[1] !== '0';
  if (ambiguous && (language === 'en' || plain[2] === '.')) return { either: [plain[1] + plain[3], `${plain[1]}.${plain[3]}`] };
  if (plain) return above(plain[1], plain[3]);
  if (!grouped || (grouped[2] && grouped[1] === grouped[2])) return {};
  const whole = grouped[2] ? typed.slice(0, typed.lastIndexOf(grouped[2])) : typed;
  return above(whole.replace(/[^0-9]/g, ''), grouped[3]);
}

/** An amount as people of a language read it. */
export function showAmount(number, language) {
  const [whole, fraction] = number.split('.');
  const shown = BigInt(whole).toLocaleString(language, { useGrouping: 'always' });
  return fraction ? `${shown}${language === 'it' ? ',' : '.'}${fraction}` : shown;
}

function above(whole, fraction) {
  const digits = whole.replace(/^0+(?=[0-9])/, '');
  const number = fraction ? `${digits}.${fraction}` : digits;
  return /[1-9]/.test(number) ? { number } : {};
}
