// GET /api/v1/yearly: the year-on-year report as JSON, CSV or the finished chart as SVG.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { renderSvg } from '../charts/render.ts';
import { sendProblem } from '../problems.ts';
import type { Questions } from '../questions.ts';
import { yearlyCsv } from '../report/csv.ts';
import type { Lang, YearlyReport } from '../report/shape.ts';
import { queryOf, type YearlyParameters, yearlySchema } from './yearly-parameters.ts';

export function yearlyRoute(app: FastifyInstance, questions: Questions): void {
  const schema = { querystring: yearlySchema(questions.schemes) };
  app.get<{ Querystring: YearlyParameters }>('/api/v1/yearly', { schema }, async (request, reply) => {
    const query = queryOf(request.query, await questions.years());
    if (query.years.length === 0) return sendProblem(reply, 404, 'There is no data yet.');
    const report = await questions.yearly(query);
    const format = request.query.format ?? preferred(request.headers.accept);
    return sendReport(reply, report, format, query.lang);
  });
}

type Format = 'json' | 'csv' | 'svg';

/** The first type of the Accept header that is on offer. */
function preferred(accept = ''): Format {
  for (const type of accept.split(',').map((part) => part.split(';')[0]!.trim())) {
    if (type === 'application/json' || type === '*/*') return 'json';
    if (type === 'text/csv') return 'csv';
    if (type === 'image/svg+xml') return 'svg';
  }
  return 'json';
}

function sendReport(reply: FastifyReply, report: YearlyReport, format: Format, lang: Lang) {
  reply.header('cache-control', 'no-cache').header('vary', 'accept');
  if (format === 'json') return report;
  const years = report.years.map((year) => year.year);
  const name = `umbrascope-${[...new Set([years[0], years.at(-1)])].join('-')}.${format}`;
  reply.header('content-disposition', `attachment; filename="${name}"`);
  if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(yearlyCsv(report));
  return reply.type('image/svg+xml; charset=utf-8').send(renderSvg(report, { lang }));
}
