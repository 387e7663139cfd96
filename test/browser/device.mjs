// A device as far as the walks need one: it speaks MQTT 3.1.1 with its id and secret and waits for its acknowledgement.
import { connect } from 'node:net'

const text = words => {
  const bytes = Buffer.from(words)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
function packet(first, ...parts) {
  const body = Buffer.concat(parts), length = []
  let rest = body.length
  do {
    length.push((rest & 127) | (rest > 127 ? 128 : 0))
    rest >>= 7
  } while (rest)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

/** @returns once the node has said that it holds the message for good */
export const speak = (port, id, secret, payload, topic = 'v1/devices/me/telemetry') => new Promise((done, failed) => {
  const line = connect(port, '127.0.0.1')
  const lost = why => {
    line.destroy()
    failed(new Error(id + ' was not heard: ' + why))
  }
  line.once('error', error => lost(error.message))
  line.once('close', () => lost('the line was closed'))
  line.write(packet(0x10, text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text(id), text(id), text(secret)))
  line.on('data', bytes => {
    if (bytes[0] === 0x20 && bytes[3] !== 0) lost('refused with ' + bytes[3])
    else if (bytes[0] === 0x20) line.write(packet(0x32, text(topic), Buffer.from([0, 1]), Buffer.from(JSON.stringify(payload))))
    else if (bytes[0] === 0x40) {
      line.removeAllListeners('close')
      line.end(Buffer.from([0xe0, 0]))
      done()
    }
  })
})
