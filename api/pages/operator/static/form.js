/* The form of a record: what it asks for each kind, the values last given, and what is wrong beside each field.
 *
 *     const form = openForm('harvest', facts, last); form.read()   // { said, values } or null, errors shown
 */

import { lotOf, lotUri, productUri, proposed, shownLot } from './lots.js';
import { readAmount, showAmount } from './numbers.js';
import { el, language, make, say } from './words.js';

const OTHER = 'other';

/** What a form is filled from: products, sites and companies of the member, and the lots the phone knows. */
export class Form {
  constructor(known) {
    this.known = known;
    this.kind = null;
  }

  /** Show the form of a kind, with the values last given. */
  open(kind, last) {
    this.kind = kind;
    const [packing, moving] = [kind === 'packing', kind === 'shipping' || kind === 'receiving'];
    el('inputs-part').hidden = !packing;
    el('more-rows').hidden = !moving;
    el('party-field').hidden = el('paper-field').hidden = !moving;
    el('party-label').textContent = say(kind === 'receiving' ? 'party-from' : 'party');
    options(el('site'), this.known.sites, last?.site, 'no-site');
    options(el('party'), this.known.parties, last?.party, 'no-party');
    el('lots').replaceChildren(...this.known.lots.map(({ id }) => this.option(id)));
    el('inputs').replaceChildren();
    el('rows').replaceChildren();
    if (packing) (last?.inputs ?? [null]).forEach((value) => this.row('inputs', value));
    (last?.rows ?? [null]).forEach((value) => this.row('rows', value));
    for (const id of ['paper', 'note', 'photo', 'at']) el(id).value = '';
    el('besides').open = false;
    this.refresh();
    el('rows').querySelector('.amount').focus();
  }

  /** Fill the form with a record that is to be corrected, amounts and all. */
  fill(values) {
    this.open(values.kind, values);
    for (const [place, list] of [['inputs', values.inputs ?? []], ['rows', values.rows]]) {
      [...el(place).children].forEach((row, at) => {
        row.querySelector('.amount').value = list[at]?.amount ? showAmount(list[at].amount, language) : '';
        row.querySelector('.lot').value = list[at] ? shownLot(list[at].uri).lot : '';
      });
    }
    el('at').value = new Date(values.at - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    el('paper').value = values.paper ?? '';
    el('note').value = values.note ?? '';
  }

  /** One more lot. */
  row(place, value = null) {
    const row = el('row').content.firstElementChild.cloneNode(true);
    const product = row.querySelector('.product');
    // Nothing is chosen that nobody chose, unless there is nothing else.
    const [only, ...others] = this.known.products;
    const given = value ?? (this.makes(place) ? null : this.newest());
    const chosen = given?.product ?? (only && !others.length ? only.id : '');
    options(product, [...this.known.products, { id: OTHER, name: say('other-product') }], chosen, 'choose-product');
    if (chosen) this.choose(row, chosen);
    row.querySelector('.lot').setAttribute('list', 'lots');
    row.querySelector('.lot').value = this.makes(place) ? '' : (given?.lot ?? '');
    product.addEventListener('change', () => this.refresh());
    row.querySelector('.lot').addEventListener('change', () => this.take(row, row.querySelector('.lot').value));
    el(place).append(row);
  }

  /** The lot that this phone met last. */
  newest() {
    const found = this.known.lots.map(({ id }) => shownLot(id)).find(({ product }) => product !== null);
    return el('inputs').children.length + el('rows').children.length ? null : (found ?? null);
  }

  /** One more lot, and what follows of it. */
  more(place) {
    this.row(place);
    this.refresh();
  }

  /** Do the lots of this place come into being by the record? */
  makes(place) {
    return place === 'rows' && (this.kind === 'harvest' || this.kind === 'packing');
  }

  /** What was scanned or typed in full, put where it belongs; false where it names no lot. */
  take(row, text) {
    const found = lotOf(text);
    if (found.wrong) return this.wrong(row, 'lot', found.wrong);
    this.wrong(row, 'lot', null);
    const { product, lot } = found.uri ? shownLot(found.uri) : { product: found.gtin, lot: found.lot };
    if (found.uri && !product) row.dataset.unit = found.uri;
    else delete row.dataset.unit;
    if (product) this.choose(row, product);
    row.querySelector('.lot').value = lot ?? '';
    this.refresh();
    return true;
  }

  choose(row, product) {
    const select = row.querySelector('.product');
    select.value = product;
    if (select.value === product) return;
    select.value = OTHER;
    row.querySelector('.gtin').value = product.replace(/^.*\/01\//, '');
  }

  /** Proposed lots and units follow what is chosen. */
  refresh() {
    const site = el('site').value;
    for (const place of ['inputs', 'rows']) {
      for (const row of el(place).children) {
        row.querySelector('.gtin-field').hidden = row.querySelector('.product').value !== OTHER || Boolean(row.dataset.unit);
        const lot = row.querySelector('.lot');
        if (this.makes(place) && (!lot.value || lot.value === lot.dataset.proposed)) {
          lot.value = lot.dataset.proposed = proposed(site, new Date());
        }
        const unit = this.unit(row);
        row.querySelector('.unit').textContent = unit === 'KGM' ? '(kg)' : `(${say('pieces')})`;
        row.querySelector('.amount-field').hidden = Boolean(row.dataset.unit);
      }
    }
  }

  unit(row) {
    const product = this.known.products.find(({ id }) => id === row.querySelector('.product').value);
    return product ? product.unit : 'KGM';
  }

  /** What was said, with the values to remember; null where something is wrong, which is then shown. */
  read(now) {
    const inputs = this.kind === 'packing' ? [...el('inputs').children].map((row) => this.readRow(row, false)) : [];
    const rows = [...el('rows').children].map((row) => this.readRow(row, true));
    const at = el('at').value ? new Date(el('at').value) : now;
    if ([...inputs, ...rows].includes(null) || Number.isNaN(at.getTime())) {
      document.querySelector('#form [aria-invalid=true]')?.focus();
      return null;
    }
    const [site, party] = [el('site').value, el('party').value];
    const said = {
      kind: this.kind, at, inputs, rows, site: site || null, siteName: site ? nameOf(el('site')) : null,
      party: party || null, paper: el('paper').value.trim(), note: el('note').value.trim(),
    };
    return { said, values: { kind: this.kind, inputs: inputs.map(kept), rows: rows.map(kept), site, party } };
  }

  readRow(row, needed) {
    const amount = this.readAmount(row, needed);
    const uri = row.dataset.unit ?? this.readLot(row);
    return amount === null || uri === null ? null : { uri, amount, unit: this.unit(row), product: shownLot(uri).product };
  }

  readLot(row) {
    const select = row.querySelector('.product');
    const product = select.value === OTHER ? productUri(row.querySelector('.gtin').value) : select.value;
    const found = lotOf(row.querySelector('.lot').value || ' ');
    if (found.uri) return found.uri;
    if (!found.lot) return this.wrong(row, 'lot', row.querySelector('.lot').value ? (found.wrong ?? 'lot-form') : 'lot-missing') || null;
    this.wrong(row, 'lot', null);
    this.wrong(row, 'product', product ? null : select.value === OTHER ? 'gtin-wrong' : 'product-missing');
    if (!product) return null;
    return lotUri(product, found.lot);
  }

  readAmount(row, needed) {
    if (row.dataset.unit) return '';
    const typed = row.querySelector('.amount').value.trim();
    const { number, either } = typed ? readAmount(typed, language) : {};
    row.querySelector('.either').hidden = !either;
    if (either) {
      this.wrong(row, 'amount', 'amount-either');
      row.querySelector('.either').replaceChildren(...either.map((reading) => this.reading(row, reading)));
      return null;
    }
    if (!number && (typed || needed)) return this.wrong(row, 'amount', typed ? 'amount-wrong' : 'amount-missing') || null;
    this.wrong(row, 'amount', null);
    return number ?? '';
  }

  /** One of two readings, to be pressed. What is then in the field can be read in one way only. */
  reading(row, reading) {
    const [whole, fraction] = reading.split('.');
    const text = !fraction ? whole : language === 'en' ? `${reading}0` : `${whole},${fraction}`;
    // The whole number without its separator, the other as short as it can be: nobody takes one for the other.
    const shown = fraction ? showAmount(reading.replace(/0+$/, '').replace(/\.$/, ''), language) : whole;
    const button = make('button', { text: shown, type: 'button', className: 'plain' });
    button.addEventListener('click', () => {
      row.querySelector('.amount').value = text;
      row.querySelector('.either').hidden = true;
      this.wrong(row, 'amount', null);
      el('save').focus();
    });
    return button;
  }

  wrong(row, field, code) {
    const [said, input] = [row.querySelector(`.${field}-wrong`), row.querySelector(`.${field}`)];
    said.hidden = code === null;
    said.textContent = code === null ? '' : say(code);
    if (code) {
      said.id ||= `wrong-${field}-${Math.random().toString(36).slice(2)}`;
      input.setAttribute('aria-describedby', said.id);
    }
    input.setAttribute('aria-invalid', String(code !== null));
    return false;
  }

  option(uri) {
    const { product, lot } = shownLot(uri);
    const known = this.known.products.find(({ id }) => id === product);
    return make('option', { value: product && !known ? uri : product ? bracketed(product, lot) : uri, text: known ? `${known.name} · ${lot}` : lot });
  }
}

function bracketed(product, lot) {
  return `(01)${product.slice(-14)}(10)${lot}`;
}

function kept({ uri, product }) {
  return { product, lot: shownLot(uri).lot, uri };
}

function nameOf(select) {
  return select.selectedOptions[0]?.textContent ?? '';
}

function options(select, things, chosen, none = null) {
  const listed = things.map(({ id, name }) => make('option', { value: id, text: name }));
  if (none) listed.unshift(make('option', { value: '', text: say(none) }));
  select.replaceChildren(...listed);
  select.value = chosen ?? '';
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}
