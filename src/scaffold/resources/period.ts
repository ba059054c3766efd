import type { Code } from '../code.js';
import type { Reading } from '../reading.js';

export const starts =
  'start startdate starttime startdatetime startedat begin begindate from fromdate admissiondate admitdate admittime admittedat admission admitted dateofadmission checkin arrival arrivaltime visitdate encounterdate date datetime performedat performeddate proceduredate';
export const stops =
  'stop stopdate end enddate endtime enddatetime endedat until to todate dischargedate dischargetime dischargedat discharged discharge dateofdischarge checkout departure stoppedat';

/** A Period of the columns that say when something began and ended; undefined when there is neither. */
export function period(reading: Reading): Code | undefined {
  const start = reading.dateTime(starts);
  const end = reading.dateTime(stops, '2020-01-03');
  return start || end ? { start, end } : undefined;
}
