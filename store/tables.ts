// The one list of tables and columns. The DDL (ddl.ts), the block writer (native.ts) and docs/tables.md come from it. It only grows.

/** How a column travels in a block from the analyzer, where it does. */
export type Wire = 'u8' | 'u16' | 'u32' | 'u64' | 'address' | 'string' | 'counts' | 'u16s';

export interface TableColumn {
  name: string;
  /** ClickHouse type. */
  type: string;
  codec?: string;
  /** Type in Native blocks, where it differs from `type` only in being plain. */
  wire?: Wire;
  /** A block may lack it: then it is 0. */
  optional?: true;
  /** Not stored: what it is made of when it is asked for. */
  alias?: string;
  note?: string;
}

export interface Table {
  name: string;
  engine: string;
  partitionBy?: string;
  orderBy: string;
  /** Beginning of `orderBy` that is kept in memory to find rows by; all of it where it is not given. */
  primaryKey?: string;
  /** Rows that one entry of the key in memory stands for; 8,192 where it is not given. */
  granularity?: number;
  /** Columns whose least and greatest value each granule knows: what cannot be in it is not read. */
  bounded?: readonly string[];
  /** When rows go by themselves, of a table that nothing is kept in: a time made of their columns. */
  expires?: string;
  columns: readonly TableColumn[];
  why: string;
}

const sum = (name: string, note?: string): TableColumn => ({
  name,
  type: 'SimpleAggregateFunction(sum, UInt64)',
  codec: 'T64, ZSTD(1)',
  wire: 'u64',
  ...(note ? { note } : {}),
});

const optionalSum = (name: string, note: string): TableColumn => ({ ...sum(name, note), optional: true });

const fates: TableColumn = {
  name: 'fates',
  type: 'Map(String, UInt64)',
  wire: 'counts',
  note: 'frames that were not counted, by fate: frames = counted + their sum',
};
const sensor: TableColumn = { name: 'sensor', type: 'LowCardinality(String)', wire: 'string' };
const kind: TableColumn = {
  name: 'kind',
  type: "Enum8('scan' = 1, 'backscatter' = 2, 'other' = 3)",
  wire: 'u8',
};
const proto: TableColumn = { name: 'proto', type: 'UInt8', wire: 'u8', note: 'IP protocol number' };
const hour: TableColumn = { name: 'hour', type: "DateTime('UTC')", codec: 'T64, ZSTD(1)', wire: 'u32' };
const day: TableColumn = {
  name: 'day',
  type: 'Date',
  codec: 'ZSTD(3)',
  wire: 'u16',
  note: "in the sensor's time zone",
};
/** Rows stand in the order of their ports. */
const PORT_CODEC = 'Delta, ZSTD(3)';
const port: TableColumn = {
  name: 'dstPort',
  type: 'UInt16',
  codec: PORT_CODEC,
  wire: 'u16',
  note: 'for backscatter the SOURCE port; for ICMP type · 256 + code; 0 for protocols without ports',
};
const version: TableColumn = {
  name: 'version',
  type: 'UInt64',
  codec: 'ZSTD(3)',
  note: 'which finalising of the day wrote the row; see days',
};
const category: TableColumn = { name: 'category', type: 'LowCardinality(String)', wire: 'string' };
const scanClass: TableColumn = {
  name: 'scanClass',
  type: "Enum8('other' = 1, 'surveySuspected' = 2, 'surveyKnown' = 3)",
};
const rank = { type: 'UInt32', codec: 'T64, ZSTD(1)' };
const knownSources = { type: 'Nullable(UInt64)', codec: 'T64, ZSTD(1)' };
const sourceSketch: TableColumn = {
  name: 'sourceSketch',
  type: 'AggregateFunction(uniqCombined(14), UInt64)',
  codec: 'ZSTD(1)',
  note: 'of cityHash64(srcAddr); mergeable',
};
const exactSources = {
  name: 'sources',
  type: 'UInt64',
  codec: 'T64, ZSTD(1)',
  note: 'distinct sources of the day, exact',
};
const unsketched = {
  name: 'unsketched',
  type: 'Int64',
  codec: 'T64, ZSTD(1)',
  note: 'sources of its days that are in no sketch, summed: so many more there may be',
};
const plainSums: TableColumn[] = [
  { name: 'packets', type: 'UInt64', codec: 'T64, ZSTD(1)' },
  { name: 'bytes', type: 'UInt64', codec: 'T64, ZSTD(1)', note: 'lengths on the wire' },
];

export const TABLES: readonly Table[] = [
  {
    name: 'flows',
    engine: 'AggregatingMergeTree',
    partitionBy: 'toYYYYMM(hour)',
    orderBy: 'sensor, hour, kind, proto, dstPort, srcAddr, toolMarks, srcPort',
    bounded: ['srcAddr'],
    why: 'who sent what where, by the hour: everything of days and months is made from it',
    columns: [
      sensor,
      hour,
      kind,
      proto,
      {
        name: 'dstPort',
        type: 'UInt16',
        codec: PORT_CODEC,
        wire: 'u16',
        note: 'the destination port of every kind; for ICMP type · 256 + code',
      },
      {
        name: 'srcPort',
        type: 'UInt16',
        codec: 'ZSTD(1)',
        wire: 'u16',
        note: 'of backscatter only, else 0: it is the port under attack',
      },
      { name: 'srcAddr', type: 'IPv6', codec: 'ZSTD(1)', wire: 'address', note: 'IPv4 as ::ffff:a.b.c.d' },
      {
        name: 'toolMarks',
        type: 'UInt8',
        codec: 'ZSTD(1)',
        wire: 'u8',
        note: 'bits of the tool marks each packet bears: 1 mirai, 2 masscan, 4 zmap',
      },
      { ...sum('packets'), wire: 'u32' },
      sum('bytes', 'lengths on the wire'),
      {
        name: 'times',
        type: 'SimpleAggregateFunction(groupUniqArrayArray, Array(UInt16))',
        codec: 'T64, LZ4',
        wire: 'u16s',
        note: 'seconds in the hour: the first packet’s and the last one’s, once where they are the same, and some between',
      },
      { name: 'first', type: "DateTime('UTC')", alias: 'hour + arrayMin(times)' },
      { name: 'last', type: "DateTime('UTC')", alias: 'hour + arrayMax(times)' },
    ],
  },
  {
    name: 'portHours',
    engine: 'AggregatingMergeTree',
    partitionBy: 'toYYYYMM(hour)',
    // The day follows from the hour: it stands last.
    orderBy: 'sensor, hour, kind, proto, dstPort, day',
    why: 'ports by the hour, without sources',
    columns: [
      sensor,
      hour,
      kind,
      proto,
      port,
      day,
      { ...sum('packets'), wire: 'u32' },
      sum('bytes', 'lengths on the wire'),
    ],
  },
  {
    name: 'minutes',
    engine: 'AggregatingMergeTree',
    partitionBy: 'toYYYYMM(minute)',
    orderBy: 'sensor, minute, kind, category',
    why: 'the live graphs; categories as the ingesting run had them',
    columns: [
      sensor,
      { name: 'minute', type: "DateTime('UTC')", codec: 'T64, ZSTD(1)', wire: 'u32' },
      kind,
      category,
      sum('packets'),
      sum('bytes'),
    ],
  },
  {
    name: 'darkDays',
    engine: 'AggregatingMergeTree',
    partitionBy: 'toYYYYMM(day)',
    orderBy: 'sensor, day, kind, dstAddr',
    why: 'packets by dark address (its /24 above 65,536 monitored addresses): is the whole block heard',
    columns: [
      sensor,
      day,
      kind,
      { name: 'dstAddr', type: 'IPv6', codec: 'ZSTD(1)', wire: 'address' },
      { ...sum('packets'), wire: 'u32' },
      sum('bytes'),
    ],
  },
  {
    name: 'fateHours',
    engine: 'AggregatingMergeTree',
    orderBy: 'sensor, hour, fate',
    why: 'the account: every frame read, by its fate. Frames without a usable time stand at 1970-01-01 00:00',
    columns: [
      sensor,
      hour,
      { name: 'fate', type: 'LowCardinality(String)', wire: 'string' },
      sum('frames'),
      sum('bytes'),
    ],
  },
  {
    name: 'coverage',
    engine: 'AggregatingMergeTree',
    orderBy: 'sensor, hour',
    why: 'when the sensor heard anything, and how many addresses it monitored',
    columns: [
      sensor,
      hour,
      {
        name: 'heardMinutes',
        type: 'SimpleAggregateFunction(groupBitOr, UInt64)',
        wire: 'u64',
        note: 'bit m = a frame in minute m of the hour',
      },
      {
        name: 'monitoredAddresses',
        type: 'SimpleAggregateFunction(max, UInt32)',
        wire: 'u32',
        note: 'IPv4 addresses of --darknet; 0 = not known',
      },
      optionalSum(
        'observedSeconds',
        'a live sensor listened so long, frames or not; 0 where captures were read from files',
      ),
      optionalSum('lostPackets', 'packets that a live sensor knows it lost; see captureMinutes'),
    ],
  },
  {
    name: 'captureMinutes',
    engine: 'AggregatingMergeTree',
    partitionBy: 'toYear(minute)',
    orderBy: 'sensor, minute, source',
    why: 'what a live sensor received and lost, by the minute: at least one row a minute while it runs',
    columns: [
      sensor,
      { name: 'minute', type: "DateTime('UTC')", codec: 'T64, ZSTD(1)', wire: 'u32' },
      { name: 'source', type: 'String', wire: 'string', note: 'the interface, or - for standard input' },
      sum('observedSeconds', 'the interface was up and listened to'),
      sum('received', 'frames taken from the interface: each has its fate in fateHours, but those in spoolDropped'),
      sum('kernelDropped', 'frames for which the ring had no room, as the kernel counted them'),
      sum('cardDropped', 'frames the card says it missed (rx_missed_errors, rx_fifo_errors)'),
      sum('spoolDropped', 'frames counted, but thrown away with the oldest or damaged batches of the spool'),
      sum('clockSteps', 'times the system clock jumped by more than a second'),
    ],
  },
  {
    name: 'ledger',
    engine: 'ReplacingMergeTree',
    orderBy: 'sensor, unit',
    why: 'every unit of work that is in the tables, once; written last',
    columns: [
      sensor,
      { name: 'unit', type: 'String', wire: 'string', note: 'hash of its records and their context' },
      {
        name: 'opening',
        type: 'String',
        wire: 'string',
        note: "SHA-256 of its file's beginning up to the first packet",
      },
      { name: 'path', type: 'String', wire: 'string', note: 'the file as it was named' },
      { name: 'start', type: 'UInt64', wire: 'u64', note: 'byte range in the decompressed file' },
      { name: 'end', type: 'UInt64', wire: 'u64' },
      { name: 'frames', type: 'UInt64', wire: 'u64' },
      { name: 'counted', type: 'UInt64', wire: 'u64' },
      fates,
      {
        name: 'firstHour',
        type: "DateTime('UTC')",
        wire: 'u32',
        note: 'of its frames with a usable time; 1970 when it has none',
      },
      { name: 'lastHour', type: "DateTime('UTC')", wire: 'u32' },
      { name: 'rulesVersion', type: 'LowCardinality(String)', wire: 'string' },
      {
        name: 'settings',
        type: 'LowCardinality(String)',
        wire: 'string',
        note: 'what else it was counted with, as JSON: darknet, timeZone, earliest, latest',
      },
    ],
  },
  {
    name: 'files',
    engine: 'ReplacingMergeTree(ingested)',
    orderBy: 'sensor, path',
    why: 'files read to their end, so that an unchanged one is not read again; the account by file',
    columns: [
      sensor,
      { name: 'path', type: 'String', wire: 'string' },
      { name: 'size', type: 'UInt64', wire: 'u64' },
      { name: 'modified', type: 'UInt64', wire: 'u64', note: 'milliseconds since 1970' },
      { name: 'frames', type: 'UInt64', wire: 'u64', note: 'all frames in it, those counted from another copy too' },
      { name: 'counted', type: 'UInt64', wire: 'u64' },
      fates,
      { name: 'damage', type: 'String', wire: 'string', note: 'empty, or what is wrong with it and where' },
      { name: 'ingested', type: 'UInt64', wire: 'u64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'claims',
    engine: 'ReplacingMergeTree(beat)',
    orderBy: 'sensor, work, claim',
    why: 'who ingests what of a shared archive (`ingest --share`): leases, renewed while their holders live',
    columns: [
      sensor,
      {
        name: 'work',
        type: 'String',
        note: "a file by its beginning, as in the ledger's opening; days = finalising them",
      },
      { name: 'claim', type: 'String', note: 'random' },
      { name: 'beat', type: 'UInt64', note: 'grows with every renewal' },
      { name: 'holder', type: 'String', note: 'machine and process' },
      { name: 'path', type: 'String', note: 'the file as its holder names it' },
      { name: 'size', type: 'UInt64', note: 'of the file' },
      { name: 'settings', type: 'LowCardinality(String)', note: 'what it is counted with: one for all who share' },
      { name: 'made', type: "DateTime64(3, 'UTC')", note: "by the server's clock, as expires" },
      { name: 'expires', type: "DateTime64(3, 'UTC')", note: 'from then on others may take the work' },
      {
        name: 'finished',
        type: 'UInt8',
        note: '0 and expired: what its holder began may be in some of the tables; whoever takes the work completes it',
      },
    ],
  },
  {
    name: 'schema',
    engine: 'MergeTree',
    orderBy: 'version',
    why: 'versions of these tables that the database has gone through: a program that knows only older ones leaves it alone',
    columns: [{ name: 'version', type: 'UInt32' }],
  },
  {
    name: 'sensors',
    engine: 'ReplacingMergeTree(changed)',
    orderBy: 'sensor',
    why: 'the sensors, and by what their days are made',
    columns: [
      sensor,
      { name: 'timeZone', type: 'String', note: 'IANA name; cuts days' },
      { name: 'darknet', type: 'Array(String)', note: 'monitored prefixes as last given; empty = not known' },
      { name: 'rulesVersion', type: 'String' },
      { name: 'minPorts', type: 'UInt32', note: 'the survey-scan rule' },
      { name: 'minPacketsPerAddress', type: 'Float64' },
      { name: 'changed', type: 'UInt64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'sensorGroups',
    engine: 'ReplacingMergeTree(changed)',
    orderBy: 'name',
    why: 'names for several sensors: a group may stand wherever a sensor may be named',
    columns: [
      { name: 'name', type: 'String' },
      { name: 'sensors', type: 'Array(String)', note: 'empty = removed' },
      { name: 'changed', type: 'UInt64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'retention',
    engine: 'ReplacingMergeTree(changed)',
    orderBy: 'tableName, sensor',
    why: 'how long tables are kept, as `engine retain` was told; without a row for ever',
    columns: [
      { name: 'tableName', type: 'LowCardinality(String)' },
      { ...sensor, note: 'empty = all that have no row of their own' },
      { name: 'days', type: 'UInt32', note: '0 = for ever' },
      { name: 'bytes', type: 'UInt64', note: 'on disk, of all sensors; 0 = as many as there are' },
      { name: 'changed', type: 'UInt64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'dropped',
    engine: 'ReplacingMergeTree(state)',
    orderBy: 'sensor, tableName, day, month, started',
    why: 'packets that `engine retain` dropped from a table, by day: the account counts them, and their days are not made anew',
    columns: [
      sensor,
      { name: 'tableName', type: 'LowCardinality(String)' },
      day,
      { name: 'month', type: 'UInt32', note: 'the partition, in UTC: 202001' },
      { name: 'started', type: 'UInt64', note: 'milliseconds since 1970' },
      { name: 'packets', type: 'UInt64' },
      { name: 'state', type: 'UInt8', note: '0 = about to be dropped, 1 = dropped, 2 = still there: it was cut off' },
    ],
  },
  {
    name: 'copies',
    engine: 'ReplacingMergeTree(changed)',
    orderBy: 'sensor, source',
    why: 'sensors that `engine copy` brought here; until one is whole, nothing else may write it',
    columns: [
      sensor,
      { name: 'source', type: 'String', note: 'UUID of the database it comes from' },
      { name: 'started', type: 'UInt64', note: 'milliseconds since 1970' },
      { name: 'finished', type: 'UInt64', note: 'the same; 0 = not whole yet' },
      { name: 'changed', type: 'UInt64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'rules',
    engine: 'ReplacingMergeTree',
    orderBy: 'version, proto, port',
    why: 'every version of the port → category rules that classified anything',
    columns: [
      { name: 'version', type: 'String' },
      proto,
      { name: 'port', type: 'UInt16' },
      category,
      { name: 'why', type: 'String', note: 'the reason that the rule gives' },
    ],
  },
  {
    name: 'annotations',
    engine: 'ReplacingMergeTree(changed)',
    orderBy: 'id',
    why: "the users' own notes in charts over time",
    columns: [
      { name: 'id', type: 'String' },
      { name: 'day', type: 'Date' },
      { name: 'text', type: 'String', note: 'empty = removed' },
      { name: 'changed', type: 'UInt64', note: 'milliseconds since 1970' },
    ],
  },
  {
    name: 'days',
    engine: 'ReplacingMergeTree(version)',
    orderBy: 'sensor, day',
    why: 'the finalised sensor-days. Rows of portDays and sourceDays count only where their version stands here',
    columns: [
      sensor,
      day,
      version,
      {
        name: 'packets',
        type: 'UInt64',
        note: 'counted packets when it was finalised: another number now = finalise again',
      },
      { name: 'monitoredAddresses', type: 'UInt32', note: '0 = not known' },
      { name: 'rulesVersion', type: 'LowCardinality(String)' },
      { name: 'minPorts', type: 'UInt32', note: 'the survey-scan rule' },
      { name: 'minPacketsPerAddress', type: 'Float64' },
    ],
  },
  {
    name: 'portHits',
    engine: 'MergeTree',
    partitionBy: 'version',
    orderBy: 'hit',
    expires: 'made + INTERVAL 1 DAY',
    why: 'the sources of each port of the days that are being made: portDays and portSketches are made of it, then its rows go',
    columns: [
      sensor,
      { ...version, note: 'which finalising wrote the row' },
      { name: 'made', type: "DateTime('UTC')" },
      {
        name: 'hit',
        type: 'UInt64',
        note: 'day, scanClass, kind, protocol and port as one number, and which 64 survey scanners (see store/finalise/port-key.ts)',
      },
      { name: 'packets', type: 'UInt64' },
      { name: 'bytes', type: 'UInt64' },
      { name: 'scanners', type: 'UInt64', note: 'bit n = the nth of these 64 survey scanners came' },
      { name: 'sources4', type: 'Array(UInt32)', note: 'all other sources of IPv4' },
      { name: 'sources6', type: 'Array(IPv6)', note: 'all sources of IPv6' },
    ],
  },
  {
    name: 'portDays',
    engine: 'MergeTree',
    partitionBy: 'toYear(day)',
    // A port's days of a quarter lie together, for its history; 64 ports lie together by the day, so that what is the same on a day packs well.
    orderBy: 'sensor, toStartOfQuarter(day), scanClass, kind, proto, intDiv(dstPort, 64), day, dstPort',
    // With day and dstPort in it, conditions on them would not be looked for in the functions of them that come first.
    primaryKey: 'sensor, toStartOfQuarter(day), scanClass, kind, proto, intDiv(dstPort, 64)',
    granularity: 1024,
    why: 'ports by the day, survey scanners apart, with distinct sources',
    columns: [sensor, day, version, scanClass, kind, proto, port, category, ...plainSums, exactSources],
  },
  {
    name: 'portSketches',
    engine: 'MergeTree',
    partitionBy: 'toYYYYMM(day)',
    orderBy: 'sensor, day, scanClass, kind, rest, proto, dstPort',
    granularity: 64,
    why: 'sources of the ports of a day with most packets, 1 MB a day: what distinct sources of several days and months are made of',
    columns: [
      sensor,
      day,
      version,
      scanClass,
      kind,
      {
        name: 'rest',
        type: 'UInt8',
        note: '1 = all other ports of the category together; proto, dstPort and sources are then 0',
      },
      proto,
      port,
      category,
      exactSources,
      sourceSketch,
    ],
  },
  {
    name: 'categoryDays',
    engine: 'MergeTree',
    orderBy: 'sensor, day, scanClass, kind, category',
    why: 'portDays summed over ports: what charts of categories, kinds and whole days read',
    columns: [sensor, day, version, scanClass, kind, category, ...plainSums],
  },
  {
    name: 'categorySketches',
    engine: 'MergeTree',
    partitionBy: 'toYYYYMM(day)',
    orderBy: 'sensor, day, scanClass, kind, category',
    granularity: 64,
    why: 'sources of each row of categoryDays: what charts of sources by the day are made of',
    columns: [sensor, day, version, scanClass, kind, category, sourceSketch],
  },
  {
    name: 'sourceDays',
    engine: 'MergeTree',
    partitionBy: 'toYYYYMM(day)',
    orderBy: 'sensor, day, srcAddr',
    why: 'what each source did in a day, and whether it is a survey scanner',
    columns: [
      sensor,
      day,
      version,
      { name: 'srcAddr', type: 'IPv6', codec: 'ZSTD(1)' },
      ...plainSums,
      { name: 'scanPackets', type: 'UInt64', codec: 'T64, ZSTD(1)' },
      { name: 'backscatterPackets', type: 'UInt64', codec: 'T64, ZSTD(1)' },
      {
        name: 'ports',
        type: 'UInt32',
        codec: 'T64, ZSTD(1)',
        note: 'distinct (proto, dstPort) of its TCP and UDP scans',
      },
      { name: 'mirai', type: 'UInt64', codec: 'T64, ZSTD(1)', note: 'packets with the mark' },
      {
        name: 'masscan',
        type: 'UInt64',
        codec: 'T64, ZSTD(1)',
        note: 'packets, where all its SYNs bear the mark; else 0',
      },
      {
        name: 'zmap',
        type: 'UInt64',
        codec: 'T64, ZSTD(1)',
        note: 'packets, where all its SYNs bear the mark; else 0',
      },
      scanClass,
      { name: 'organisation', type: 'LowCardinality(String)', note: 'of a known survey scanner' },
    ],
  },
  {
    name: 'months',
    engine: 'ReplacingMergeTree(version)',
    orderBy: 'sensor, month',
    why: 'the months made from finalised days, and from which versions of them',
    columns: [
      sensor,
      { name: 'month', type: 'Date' },
      version,
      { name: 'dayVersions', type: 'UInt64', note: 'XOR of hashes of (day, version)' },
    ],
  },
  {
    name: 'portMonths',
    engine: 'MergeTree',
    // As in portDays: a port's months lie near each other, and so do two months that are compared.
    orderBy: 'sensor, toStartOfQuarter(month), scanClass, kind, proto, intDiv(dstPort, 256), month, dstPort',
    primaryKey: 'sensor, toStartOfQuarter(month), scanClass, kind, proto, intDiv(dstPort, 256)',
    granularity: 1024,
    why: 'ports by the month: what charts of months and of parts of years read',
    columns: [
      sensor,
      { name: 'month', type: 'Date' },
      version,
      scanClass,
      kind,
      proto,
      port,
      category,
      ...plainSums,
      sourceSketch,
      unsketched,
    ],
  },
  {
    name: 'categoryMonths',
    engine: 'MergeTree',
    orderBy: 'sensor, month, scanClass, kind, category',
    granularity: 64,
    why: 'the same of categories: what charts of categories, kinds and sources by the month read',
    columns: [
      sensor,
      { name: 'month', type: 'Date' },
      version,
      scanClass,
      kind,
      category,
      ...plainSums,
      sourceSketch,
      unsketched,
    ],
  },
  {
    name: 'years',
    engine: 'ReplacingMergeTree(version)',
    orderBy: 'sensor, year',
    why: 'the years made from months, and from which versions of them',
    columns: [
      sensor,
      { name: 'year', type: 'UInt16' },
      version,
      { name: 'monthVersions', type: 'UInt64', note: 'XOR of hashes of (month, version)' },
    ],
  },
  {
    name: 'portYears',
    engine: 'MergeTree',
    orderBy: 'sensor, year, scanClass, kind, proto, dstPort',
    granularity: 1024,
    why: 'ports by the year: what charts of whole years read',
    columns: [
      sensor,
      { name: 'year', type: 'UInt16' },
      version,
      scanClass,
      kind,
      proto,
      port,
      category,
      ...plainSums,
      sourceSketch,
      unsketched,
      {
        name: 'rankExclude',
        ...rank,
        note: 'among the scanned TCP and UDP ports, survey scans left out; 0 for all others',
      },
      { name: 'rankInclude', ...rank, note: 'the same with survey scans' },
      { name: 'rankOnly', ...rank, note: 'the same of survey scans alone' },
      {
        name: 'months',
        type: 'Array(UInt64)',
        codec: 'T64, ZSTD(1)',
        note: 'packets of each month, January first; empty where no rank is up to 1,000',
      },
      {
        name: 'sourcesExclude',
        ...knownSources,
        note: 'distinct sources without survey scanners; null where they are not known',
      },
      { name: 'sourcesInclude', ...knownSources, note: 'the same with survey scanners' },
      { name: 'sourcesOnly', ...knownSources, note: 'the same of survey scanners alone' },
    ],
  },
];

/** Tables that blocks go into; each needs a deduplication window, without which an insert's token is inert. */
export const BLOCK_TABLES = [
  'flows',
  'portHours',
  'minutes',
  'darkDays',
  'fateHours',
  'coverage',
  'captureMinutes',
  'ledger',
  'files',
];

export function tableNamed(name: string): Table {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table is named ${name}`);
  return table;
}
