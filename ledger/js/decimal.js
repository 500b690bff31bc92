/* Exact decimals: a whole number and a power of ten. Nothing is ever rounded, for a balance is a matter of equality.
 *
 *     Decimal.read('412.50').plus(Decimal.read('0.5')).toString()   // '413'
 */

const FORM = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const MOST_DIGITS = 34;
// A power of ten, and of a tenth: nothing that is grown or eaten is a billion billion of anything.
const LARGEST = 18;

export class Decimal {
  constructor(digits, exponent = 0) {
    this.digits = digits;
    this.exponent = exponent;
  }

  /** The value of a number's text, null of an absurd one (as `schemas.epcis.own_terms.decimal`). */
  static read(text) {
    const [, sign, whole, fraction = '', power = '0'] = FORM.exec(text) ?? [];
    if (whole === undefined) return null;
    // Counted first: a million digits make a number that takes minutes to look at.
    const written = (whole + fraction).replace(/^0+/, '');
    if (written.length > MOST_DIGITS) return null;
    const digits = BigInt(written);
    const found = new Decimal(sign === '-' ? -digits : digits, Number(power) - fraction.length);
    return found.inBounds ? found : null;
  }

  /** Whether a number is one that an amount can be: so many digits, of such a size. */
  get inBounds() {
    const { length } = String(this.digits).replace('-', '');
    return length <= MOST_DIGITS && Math.abs(this.exponent + length - 1) <= LARGEST;
  }

  /** The same number without zeros at its end. */
  normal() {
    const text = String(this.digits).replace(/(?!^)0+$/, '');
    return this.digits === 0n ? ZERO : new Decimal(BigInt(text), this.exponent + String(this.digits).length - text.length);
  }

  plus(other) {
    const least = Math.min(this.exponent, other.exponent);
    return new Decimal(this.scaled(least) + other.scaled(least), least);
  }

  minus(other) {
    return this.plus(new Decimal(-other.digits, other.exponent));
  }

  times(other) {
    return new Decimal(this.digits * other.digits, this.exponent + other.exponent);
  }

  /** Below zero, zero or above it as this is less than, equal to or more than the other. */
  compare(other) {
    const { digits } = this.minus(other);
    return digits < 0n ? -1 : digits > 0n ? 1 : 0;
  }

  get sign() {
    return this.compare(ZERO);
  }

  /** Without exponent, and without zeros at the end of a fraction. */
  toString() {
    const places = Math.max(0, -this.exponent);
    const digits = String(this.scaled(-places)).replace('-', '').padStart(places + 1, '0');
    const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
    const text = digits.slice(0, digits.length - places) + (places && fraction ? `.${fraction}` : '');
    return (this.digits < 0n ? '-' : '') + text;
  }

  scaled(exponent) {
    return this.digits * 10n ** BigInt(this.exponent - exponent);
  }
}

export const ZERO = new Decimal(0n);
