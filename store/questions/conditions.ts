// What most questions let a user choose, as conditions on rows. Each is a set of values, which an index looks up; of a function of the column
// it would know nothing.

export const SENSORS = 'sensor IN {sensors:Array(String)}';
export const DAYS = `${SENSORS} AND day BETWEEN {from:Date} AND {to:Date}`;
/** The same days of a table of hours, as the sensors' time zone cuts them. */
export const HOURS = `${SENSORS} AND hour >= toDateTime({from:Date}, {timeZone:String}) AND hour < toDateTime({to:Date} + 1, {timeZone:String})`;
/** The same in any time zone, and the hours beside them. As wide numbers: the first days and the last have none before or behind them as times. */
export const HOURS_ABOUT =
  'toInt64(toUnixTimestamp(hour)) BETWEEN toInt64({from:Date}) * 86400 - 172800 AND toInt64({to:Date}) * 86400 + 259200';
export const KIND = `kind IN if({kind:String} = 'all', ['scan', 'backscatter', 'other'], [{kind:String}])`;
/** Survey scans left out, counted, or nothing else. */
export const SURVEY = `scanClass IN multiIf({survey:String} = 'include', ['other', 'surveySuspected', 'surveyKnown'],
  {survey:String} = 'only', ['surveySuspected', 'surveyKnown'], ['other'])`;
/** Packets of the chosen kind in a row of sourceDays. */
export const PACKETS_OF_KIND = {
  scan: 'scanPackets',
  backscatter: 'backscatterPackets',
  other: 'toUInt64(packets - scanPackets - backscatterPackets)',
  all: 'packets',
};
