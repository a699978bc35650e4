// What ten years of a telescope of NICTER's size look like: totals and survey shares as NICT announced them, the ports that stand out, and
// a long tail. The ports' shares are made up in the manner of NICT's reports.

/** The telescope: 294,912 addresses, days cut in Japan's time as NICT does. */
export const SENSOR = 'nicter';
export const TIME_ZONE = 'Asia/Tokyo';
export const DARKNET = ['10.0.0.0/14', '10.4.0.0/17'];
export const FIRST_YEAR = 2016;
export const YEARS = 10;

/** Packets of each year in units of 100 million, and the share of survey scanners in them. */
export const TOTALS = [1281, 1504, 2121, 3279, 5001, 5180, 5226, 6197, 6862, 7010];
export const SURVEY_SHARES = [0.05, 0.068, 0.35, 0.53, 0.537, 0.574, 0.549, 0.638, 0.602, 0.55];
/** Monitored addresses. */
export const ADDRESSES = [300_000, 300_000, 300_000, 300_000, 300_000, 290_000, 290_000, 290_000, 290_000, 280_000];

/** Share in what is no survey scan, per mille, in the first and the last year: `proto port first last`. */
const NAMED = `
  6 23 420 170 | 6 2323 40 8 | 6 22 30 50 | 6 80 30 30 | 6 8080 20 40 | 6 81 10 10 | 6 8081 3 9 | 6 8443 3 10 | 6 8000 2 6
  6 8888 2 6 | 6 443 10 25 | 6 445 60 40 | 6 139 3 2 | 6 1433 40 15 | 6 3389 10 35 | 6 5555 5 30 | 6 7547 30 2
  6 37215 3 15 | 6 52869 2 10 | 6 60001 1 6 | 6 34567 2 5 | 6 6789 6 1 | 6 5358 8 1 | 6 8545 1 8 | 6 3333 0.2 1.5
  6 21 5 5 | 6 25 6 5 | 6 3306 6 7 | 6 5432 1 5 | 6 6379 2 20 | 6 5900 6 8 | 6 9200 2 6 | 6 27017 1 4 | 6 2375 0.5 12
  6 2222 3 5 | 6 8291 2 6 | 17 53 20 12 | 17 1900 10 5 | 17 5060 15 10 | 17 123 8 4 | 17 161 5 4 | 17 53413 25 3 | 17 389 1 5
  17 11211 0.5 3 | 17 137 4 2`;

export interface NamedPort {
  proto: number;
  dstPort: number;
  /** Share of packets in the first and in the last year. */
  first: number;
  last: number;
}

export const NAMED_PORTS: NamedPort[] = NAMED.split(/[|\n]/)
  .filter((row) => row.trim() !== '')
  .map((row) => {
    const [proto = 0, dstPort = 0, first = 0, last = 0] = row.trim().split(' ').map(Number);
    return { proto, dstPort, first: first / 1000, last: last / 1000 };
  });

/** One kind of rows of a day: which of the 65,536 ports have one, and how the packets lie on them. */
export interface Series {
  kind: 'scan' | 'backscatter' | 'other';
  proto: number;
  scanClass: 'other' | 'surveySuspected';
  /** Chance of a port to be hit on a day, in the first and the last year: together two rows a port and day. */
  present: [number, number];
  /** Share in its packets: of survey scans, or of all else that is not in named ports. */
  share: number;
  /** Width of the spread over ports, as a standard deviation of logarithms. */
  spread: number;
}

export const SERIES: Series[] = [
  { kind: 'scan', proto: 6, scanClass: 'other', present: [0.97, 0.995], share: 0.82, spread: 1 },
  { kind: 'scan', proto: 6, scanClass: 'surveySuspected', present: [0.32, 0.9], share: 0.94, spread: 0.5 },
  { kind: 'scan', proto: 17, scanClass: 'other', present: [0.1, 0.2], share: 0.1, spread: 1.2 },
  { kind: 'scan', proto: 17, scanClass: 'surveySuspected', present: [0.05, 0.12], share: 0.06, spread: 0.7 },
  { kind: 'backscatter', proto: 6, scanClass: 'other', present: [0.13, 0.2], share: 0.075, spread: 1.5 },
  { kind: 'other', proto: 6, scanClass: 'other', present: [0.02, 0.03], share: 0.005, spread: 1 },
];
