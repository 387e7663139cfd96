// Why something of a device was not taken, in words, and what to do about it. The names are those of docs/operate/trouble.md.
import { either, problems } from '@lifang/kit'

interface Words { why: readonly [string, string]; todo: readonly [string, string] }
const words: Record<string, Words> = {
  'porch.bad_credentials': { why: ['密钥不对', 'wrong secret'], todo: ['核对设备里填的编号和密钥；记不清就给它换一个密钥，再填进设备。例子是它的来源地址。', 'Compare id and secret in the device; if in doubt give it a new secret and enter that in the device. The sample is the address it came from.'] },
  'porch.unknown_user': { why: ['用户名不是任何设备', 'the user name is no device'], todo: ['客户端标识是这台设备，用户名却不是：用户名要填设备编号，或只填访问令牌、不填密码。例子是它的来源地址。', 'The client identifier is this device’s, the user name is not: it must be the device’s id, or the access token alone without a password. The sample is the address it came from.'] },
  'porch.foreign_topic': { why: ['发到或订阅了不归它的主题', 'a topic that is not its own'], todo: ['只能用 v1/devices/me/… 和 v1/gateway/…；改设备或网关里的主题。例子是它用的主题。', 'Only v1/devices/me/… and v1/gateway/… are its own; correct the topic in the device. The sample is the topic that it used.'] },
  'porch.unreadable': { why: ['内容读不懂', 'unreadable payload'], todo: ['不是合法的 JSON，或 ts 不是毫秒整数。例子说读到第几个字节停下、一共几个字节。', 'No valid JSON, or ts is no whole number of milliseconds. The sample says at which byte of how many reading stopped.'] },
  'porch.unknown_metric': { why: ['设备类型里没有这个数值', 'unknown metric'], todo: ['在设备类型里加上这个数值，或改正设备里的名字（区分大小写）。例子是它的名字。', 'Add the metric to the type of device, or correct its name in the device (case counts). The sample is the name.'] },
  'porch.bad_value': { why: ['不是数值', 'not a number'], todo: ['数值要写成数字或 true/false，不要加引号，也不要写成对象。', 'Values are numbers or true/false: no quotes, no objects.'] },
  'porch.future': { why: ['时间在将来', 'time in the future'], todo: ['校准设备的时钟：比节点快一天以上的不收；ts 是毫秒，不是微秒。例子是它报的时间。', 'Set the device’s clock: more than a day ahead is not believed; ts is in milliseconds, not microseconds. The sample is the time that it gave.'] },
  'porch.too_many_values': { why: ['一条消息里数值太多', 'too many values in a message'], todo: ['分成几条发，或调大 mqtt.max_values。', 'Send several messages, or raise mqtt.max_values.'] },
  'porch.not_its_device': { why: ['不是它能代报的设备', 'not its device'], todo: ['在那台设备的档案里把这台网关设为它的网关。例子是那台设备的编号。', 'Name this gateway in the record of that device. The sample is the id of that device.'] },
  'porch.bad_detection': { why: ['识别结果写得不对', 'bad detection'], todo: ['要有 kind；confidence 在 0 到 1 之间；file 是先上传得到的编号。例子是不对的那一项。', 'It needs a kind, a confidence between 0 and 1, and as file the id of an upload. The sample is the field that is wrong.'] },
  'porch.empty': { why: ['消息里没有内容', 'nothing in the message'], todo: ['设备在空发，查它的采集。', 'The device sends empty messages: look at its sensors.'] },
  'porch.unasked_answer': { why: ['没有问过它，或答得太迟', 'an answer nobody waits for'], todo: ['指令有时限；答复的编号要和指令的一样。例子是它答的编号。', 'Commands have a deadline, and the answer carries the command’s number. The sample is the number that it answered.'] },
  'devices.bad_attributes': { why: ['属性不是对象，或太大', 'attributes are no object, or too large'], todo: ['属性要是一个 JSON 对象，合起来不超过 16 KiB。', 'Attributes are one JSON object of at most 16 KiB in all.'] },
  'json.unreadable': { why: ['内容读不懂', 'unreadable payload'], todo: ['不是合法的 JSON。', 'This is no valid JSON.'] },
  'readings.suspect': { why: ['超出范围（已存，标为可疑）', 'out of range (kept as suspect)'], todo: ['查传感器；若量程本来如此，就改设备类型里的范围。例子是那个值。', 'Look at the sensor; if it is right, widen the range in the type of device. The sample is the value.'] },
  'readings.late': { why: ['比已收到的更早（只进历史）', 'older than what came before (history only)'], todo: ['补传旧数据时正常；平时出现就校准时钟，或查网络是否让消息迟到。例子是它的时间。', 'Fine while it catches up; otherwise set its clock, or look at what delays the network. The sample is its time.'] },
  'readings.repeated': { why: ['重复（只算一次）', 'came twice (counts once)'], todo: ['重发时正常；一直出现就查两处是否用了同一编号，或时钟停了。例子是它的时间。', 'Fine when it sends again; if it goes on, two devices share an id or its clock stands still. The sample is its time.'] },
  'mqtt.packet_too_large': { why: ['报文太大', 'packet too large'], todo: ['分成几条发，或调大 mqtt.max_packet；图片走文件接口。', 'Send several messages, or raise mqtt.max_packet; pictures go to the files route.'] },
  'http.too_large': { why: ['请求太大', 'request too large'], todo: ['分成几条发；图片走文件接口。', 'Send several messages; pictures go to the files route.'] },
  'mqtt.keep_alive_timeout': { why: ['超过约定时间没有声音', 'silent beyond its keep-alive'], todo: ['网络断断续续，或设备没有按约定发心跳：查信号和供电。', 'The line drops, or the device sends no pings as it said it would: look at signal and power.'] },
  'mqtt.taken_over': { why: ['同一身份又连了一次', 'the same client connected again'], todo: ['偶尔是重连；频繁就是两台设备填了同一编号和客户端标识。', 'Now and then a reconnect; often means that two devices carry the same id and client identifier.'] },
  'mqtt.slow_reader': { why: ['收不动节点发的内容', 'takes nothing that is sent to it'], todo: ['查设备是否卡死、网络是否单向不通。', 'Look whether the device hangs, or the network works one way only.'] },
  'mqtt.client_id_refused': { why: ['客户端标识不行', 'client identifier refused'], todo: ['不能超过 256 字节；3.1.1 不清会话时不能为空。', 'At most 256 bytes, and with 3.1.1 not empty unless the session is clean.'] },
  'mqtt.subscriptions_full': { why: ['订阅太多', 'too many subscriptions'], todo: ['一条连接最多 64 个订阅。', 'A connection may hold 64 subscriptions.'] },
  'mqtt.topic_too_long': { why: ['主题太长', 'topic too long'], todo: ['改设备里的主题。', 'Correct the topic in the device.'] },
}
const protocol: Words = { why: ['报文不符合 MQTT 协议', 'breaks the MQTT protocol'], todo: ['多半是设备的 MQTT 程序有错，或在跑另一种协议：请厂家看这个代码。', 'Most likely the device’s MQTT software is faulty, or it speaks another protocol: give its maker this code.'] }
const request: Words = { why: ['请求不符合要求', 'a request that cannot be taken'], todo: ['请厂家看这个代码。', 'Give its maker this code.'] }

/** Codes that the page of a device has words of its own for. */
export const known = Object.keys(words)
const of = (code: string) => words[code] ?? (code.startsWith('mqtt.') ? protocol : undefined)
/** Why, in the reader's tongue; the code itself if nobody knows better. */
export const because = (code: string): string => {
  const pair = of(code)?.why ?? problems[code]
  return pair ? either(...pair) : code
}
export const remedy = (code: string): string => either(...(of(code) ?? request).todo)
/** What was taken all the same. */
export const taken = (code: string): boolean => code.startsWith('readings.')
