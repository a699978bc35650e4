/** Rows that this finalising has made. */
export const OF_VERSION = 'sensor = {sensor:String} AND version = {version:UInt64}';
/** The same of tables by the day, whose keys have no version: by their days they are found without reading others. */
export const OF_VERSION_DAYS = `${OF_VERSION} AND day IN {days:Array(Date)}`;
