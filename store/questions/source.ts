// One source: its days, its ports, and when it tried each.
import type { Connection } from '../database.ts';
import { DAYS, HOURS } from './conditions.ts';
import type { RangeScope } from './range.ts';
import { PORT_NAME } from './trend-scope.ts';

export interface SourceScope extends RangeScope {
  /** IPv6, IPv4 as ::ffff:a.b.c.d. */
  srcAddr: string;
}

export interface SourceDay {
  day: string;
  packets: number;
  scanPackets: number;
  backscatterPackets: number;
  ports: number;
  scanClass: string;
  organisation: string;
  mirai: number;
  masscan: number;
  zmap: number;
}

export function sourceDays(db: Connection, scope: SourceScope): Promise<SourceDay[]> {
  return db.query(
    `-- What did this source do on each of these days?
     SELECT toString(made.day) AS day, sum(packets) AS packets, sum(scanPackets) AS scanPackets,
       sum(backscatterPackets) AS backscatterPackets, max(ports) AS ports, toString(max(made.scanClass)) AS scanClass,
       toString(max(made.organisation)) AS organisation, sum(mirai) AS mirai, sum(masscan) AS masscan, sum(zmap) AS zmap
     FROM (SELECT * FROM sourceDaysCurrent WHERE ${DAYS} AND srcAddr = toIPv6({srcAddr:String})) AS made
     GROUP BY made.day ORDER BY made.day`,
    { ...scope },
  );
}

const FLOWS = `${HOURS} AND srcAddr = toIPv6({srcAddr:String})`;

export interface SourcePort {
  port: string;
  kind: string;
  packets: number;
  days: number;
}

/** Of backscatter the port under attack. */
export function sourcePorts(db: Connection, scope: SourceScope, limit: number): Promise<SourcePort[]> {
  return db.query(
    `-- Which ports did this source send to in these days?
     SELECT ${PORT_NAME} AS port, toString(kind) AS kind, sum(packets) AS packets, uniqExact(day) AS days
     FROM (
       SELECT proto, if(kind = 'backscatter', srcPort, flows.dstPort) AS dstPort, kind, packets, toDate(hour, {timeZone:String}) AS day
       FROM flows WHERE ${FLOWS}
     )
     GROUP BY port, kind ORDER BY packets DESC, port LIMIT {limit:UInt32}`,
    { ...scope, limit },
  );
}

export interface PortMoment {
  /** When the port was first sent to in an hour, seconds since 1970. */
  time: number;
  proto: number;
  dstPort: number;
  packets: number;
}

/** Destination ports by the second in which each was first sent to in an hour: ports tried one after the other lie on a line. */
export function portMoments(db: Connection, scope: SourceScope, limit: number): Promise<PortMoment[]> {
  return db.query(
    `-- In which order did this source try ports?
     SELECT toUnixTimestamp(min(first)) AS time, proto, dstPort, sum(packets) AS packets
     FROM flows WHERE ${FLOWS} AND proto IN (6, 17)
     GROUP BY hour, proto, dstPort ORDER BY time, proto, dstPort LIMIT {limit:UInt32}`,
    { ...scope, limit },
  );
}
