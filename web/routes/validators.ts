// Conditional requests (RFC 9110, 13.1.2).
import type { FastifyRequest } from 'fastify';

export function notModified(request: FastifyRequest, tag: string): boolean {
  const asked = request.headers['if-none-match'];
  if (asked === undefined) return false;
  return asked.split(',').some((each) => each.trim().replace(/^W\//, '') === tag || each.trim() === '*');
}
