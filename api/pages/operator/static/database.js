/* What the phone keeps: one IndexedDB database, written durably or not at all.
 *
 * - `state`: the device's key, its lane, what the server last told it, the values last typed. `records`: everything that
 *   was recorded, for ever. `lots`: key and next number of each lot. `photos`: pictures until the server has them.
 * - A write has come when its transaction is complete under `durability: "strict"`: then it is on the disk, and only then
 *   does the page say so.
 * - Work in a transaction is plain callbacks: whatever waits for anything but the database ends the transaction.
 *
 * W3C Indexed Database API 3.0, sections 4.9 (`durability`) and 5.4.
 */

const NAME = 'filiera-campo';
const VERSION = 1;
export const STORES = ['state', 'records', 'lots', 'photos'];

let opened = null;

/** The database, made at the first call. */
export function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('state');
      asked.result.createObjectStore('records', { keyPath: 'id', autoIncrement: true }).createIndex('state', 'state');
      asked.result.createObjectStore('lots', { keyPath: 'id' });
      asked.result.createObjectStore('photos');
    };
    asked.onsuccess = () => {
      // Another page brings a newer version of us: let it.
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('blocked'));
  });
  return opened;
}

/** Does this browser keep anything here? Some have a database and refuse to open it. */
export async function keeps() {
  try {
    await database();
    return true;
  } catch {
    opened = null;
    return false;
  }
}

/** Do something in one transaction; `work(stores, answer)` says by `answer(value)` what to give once all
 * of it is on the disk. */
export async function write(work) {
  const held = await database();
  return new Promise((resolve, reject) => {
    const transaction = held.transaction(STORES, 'readwrite', { durability: 'strict' });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    work(storesOf(transaction), (value) => {
      answer = value;
    });
  });
}

/** One value of a store. */
export async function get(store, key) {
  return asked((await database()).transaction(store).objectStore(store).get(key));
}

/** Every value of a store, by rising key. */
export async function all(store) {
  return asked((await database()).transaction(store).objectStore(store).getAll());
}

/** Keep one value. */
export async function put(store, value, key) {
  await write((stores) => {
    key === undefined ? stores[store].put(value) : stores[store].put(value, key);
  });
}

function storesOf(transaction) {
  return Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)]));
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
