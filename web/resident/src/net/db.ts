// The phone's own drawer (IndexedDB): what the node said last, and what waits to be said to it.
const kName = 'lifang-resident'
let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(kName, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('kept')                       // key: account + path
      request.result.createObjectStore('letters', { keyPath: 'id' })
    }
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })
  return opened
}
export async function inStore<T>(store: 'kept' | 'letters', mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | void): Promise<T | undefined> {
  const db = await open()
  return new Promise((done, failed) => {
    const tx = db.transaction(store, mode)
    const request = work(tx.objectStore(store))
    tx.oncomplete = () => done(request ? request.result : undefined)
    tx.onerror = tx.onabort = () => failed(tx.error)
  })
}
