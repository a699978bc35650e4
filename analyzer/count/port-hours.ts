// Packets and bytes by hour, kind, protocol and port: sums over rows of flows, which stand together by the hour, kind and protocol.
// Backscatter counts under its source port, the service under attack.
import { BACKSCATTER } from '../classify/kinds.ts';
import type { FlowRows } from './flow-rows.ts';

const PORTS = 65_536;
const FIRST_ROWS = 1024;

export class PortHours {
  /** Rows filled: of each column the first so many elements count. */
  rows = 0;
  /** Days since 1970 in the sensor's time zone. */
  day: Uint16Array = new Uint16Array(FIRST_ROWS);
  /** Seconds since 1970. */
  hour: Uint32Array = new Uint32Array(FIRST_ROWS);
  kind: Uint8Array = new Uint8Array(FIRST_ROWS);
  proto: Uint8Array = new Uint8Array(FIRST_ROWS);
  port: Uint16Array = new Uint16Array(FIRST_ROWS);
  packets: Uint32Array = new Uint32Array(FIRST_ROWS);
  bytes: Float64Array = new Float64Array(FIRST_ROWS);
  #dayOfHour: (hour: number) => number;
  /** Of the hour, kind and protocol at hand, by port; all 0 between two of them. */
  #packetsOf = new Uint32Array(PORTS);
  #bytesOf = new Float64Array(PORTS);
  #hit = new Uint16Array(PORTS);

  /** @param dayOfHour the day in which an hour (hours since 1970) begins */
  constructor(dayOfHour: (hour: number) => number) {
    this.#dayOfHour = dayOfHour;
  }

  add(flows: FlowRows): void {
    const { hour, kind, proto, rows } = flows;
    let from = 0;
    while (from < rows) {
      let to = from + 1;
      while (to < rows && proto[to] === proto[from] && kind[to] === kind[from] && hour[to] === hour[from]) to++;
      const port = kind[from] === BACKSCATTER ? flows.srcPort : flows.dstPort;
      const hit = this.#sum(flows, port, from, to);
      // The ports of all other kinds came in order.
      if (kind[from] === BACKSCATTER) hit.sort();
      this.#append(hour[from], kind[from], proto[from], hit);
      from = to;
    }
  }

  clear(): void {
    this.rows = 0;
  }

  /** Adds rows up by port; returns the ports. */
  #sum({ packets, bytes, bytesUpper }: FlowRows, port: Uint16Array, from: number, to: number): Uint16Array {
    const packetsOf = this.#packetsOf;
    const bytesOf = this.#bytesOf;
    const hit = this.#hit;
    let hits = 0;
    for (let row = from; row < to; row++) {
      const number = port[row];
      if (packetsOf[number] === 0) hit[hits++] = number;
      packetsOf[number] += packets[row];
      bytesOf[number] += bytes[row];
    }
    if (bytesUpper) for (let row = from; row < to; row++) bytesOf[port[row]] += bytesUpper[row] * 2 ** 32;
    return hit.subarray(0, hits);
  }

  #append(hour: number, kind: number, proto: number, ports: Uint16Array): void {
    const end = this.rows + ports.length;
    this.#reserve(end);
    this.day.fill(this.#dayOfHour(hour / 3600), this.rows, end);
    this.hour.fill(hour, this.rows, end);
    this.kind.fill(kind, this.rows, end);
    this.proto.fill(proto, this.rows, end);
    this.port.set(ports, this.rows);
    for (let place = 0; place < ports.length; place++) {
      const number = ports[place];
      this.packets[this.rows + place] = this.#packetsOf[number];
      this.bytes[this.rows + place] = this.#bytesOf[number];
      this.#packetsOf[number] = 0;
      this.#bytesOf[number] = 0;
    }
    this.rows = end;
  }

  #reserve(rows: number): void {
    if (rows <= this.hour.length) return;
    const most = Math.max(rows, 2 * this.hour.length);
    this.day = widened(this.day, new Uint16Array(most));
    this.hour = widened(this.hour, new Uint32Array(most));
    this.kind = widened(this.kind, new Uint8Array(most));
    this.proto = widened(this.proto, new Uint8Array(most));
    this.port = widened(this.port, new Uint16Array(most));
    this.packets = widened(this.packets, new Uint32Array(most));
    this.bytes = widened(this.bytes, new Float64Array(most));
  }
}

function widened<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T, wider: T): T {
  wider.set(column);
  return wider;
}
