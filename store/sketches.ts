// Distinct sources of more than one row of a table: merged from sketches. A telescope of many addresses has more sources on more ports than
// there is room for, so ports that few packets came to have no sketch of a day; what that leaves out is counted, and decides whether the
// merged number is one.

/** Memory of one day's sketches of ports: those with most packets have one, until this is full. A /24 has room for all of them. */
export const SKETCHED_BYTES = 1 << 20;
/** A hash of 4 bytes a source, until a table of 16,384 six-bit registers is smaller. */
export const HASH_BYTES = 4;
export const MOST_SKETCH_BYTES = 12_288;

/** ClickHouse's HyperLogLog: within about 1 %. It is a state, which merges. */
export const SKETCH = 'uniqCombinedState(14)';
export const MERGED_SKETCH = 'uniqCombinedMergeState(14)(sourceSketch)';
const NOTHING = `arrayReduce('${SKETCH}', emptyArrayUInt64())`;

const MERGED = 'uniqCombinedMerge(14)(sourceSketch)';
/** Sources of a group of rows; null where those that are in no sketch could change it by more than a hundredth. */
export const KNOWN_SOURCES = `if(100 * sum(unsketched) > ${MERGED}, NULL, ${MERGED})`;
/** The same of the rows of a group for which a condition holds. */
export function knownSourcesIf(condition: string): string {
  const merged = `uniqCombinedMergeIf(14)(sourceSketch, ${condition})`;
  return `if(100 * sumIf(unsketched, ${condition}) > ${merged}, NULL, ${merged})`;
}

const PORT = 'sensor, day, scanClass, kind, proto, dstPort, category';
const CATEGORY = 'sensor, day, scanClass, kind, category';

/** Rows of portDays with `sourceSketch` and `unsketched`, two of a port that has a sketch. */
export function sketchedPortDays(where: string): string {
  return `(
    SELECT ${PORT}, packets, bytes, toInt64(sources) AS unsketched, ${NOTHING} AS sourceSketch FROM portDaysCurrent WHERE ${where}
    UNION ALL
    SELECT ${PORT}, 0 AS packets, 0 AS bytes, -toInt64(sources) AS unsketched, sourceSketch FROM portSketchesCurrent WHERE NOT rest AND ${where}
  )`;
}

/** The same of categoryDays. All of its rows have a sketch, until `engine retain` drops them: nothing is known then. */
export function sketchedCategoryDays(where: string): string {
  return `(
    SELECT ${CATEGORY}, packets, bytes, ${UNKNOWN} AS unsketched, ${NOTHING} AS sourceSketch FROM categoryDaysCurrent WHERE ${where}
    UNION ALL
    SELECT ${CATEGORY}, 0 AS packets, 0 AS bytes, -${UNKNOWN} AS unsketched, sourceSketch FROM categorySketchesCurrent WHERE ${where}
  )`;
}

/** More than there are addresses of IPv4. */
const UNKNOWN = 'toInt64(1000000000000)';
