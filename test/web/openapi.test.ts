// The OpenAPI document is enough to write a client: one made from it asks every route, and every answer is what the document says.
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import { appFor } from './small-store.ts';

interface Parameter {
  name: string;
  required?: boolean;
  schema: { enum?: unknown[]; default?: unknown; pattern?: string };
}
interface Operation {
  summary?: string;
  parameters?: Parameter[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, { get?: Operation; post?: Operation; delete?: Operation }>;
}

let app: FastifyInstance;
let api: Document;
beforeEach(async () => {
  app = await appFor();
  api = (await app.inject('/api/v1/openapi.json')).json();
});

/** What a client must know that the document cannot: which values there are. */
const VALUES: Record<string, string> = { port: 'tcp/23', srcAddr: '203.0.113.9' };

const queryOf = ({ parameters = [] }: Operation, more: Record<string, string> = {}) => {
  const needed = parameters.filter(({ required }) => required).map(({ name }) => [name, VALUES[name] ?? '']);
  return new URLSearchParams([...needed, ...Object.entries(more)] as [string, string][]).toString();
};
const routes = () =>
  Object.entries(api.paths).flatMap(([path, { get }]) =>
    get && !path.endsWith('/stream') ? [[path, get] as const] : [],
  );

test('it is OpenAPI 3.1, and every route says in one sentence what it answers', () => {
  expect(api.openapi).toBe('3.1.0');
  expect(Object.keys(api.paths)).toContain('/api/v1/trend');
  for (const [path, operations] of Object.entries(api.paths))
    for (const operation of Object.values(operations)) expect(operation?.summary, path).toMatch(/^[A-Z].{10,}/);
});

test('every answer is as the document describes it', async () => {
  const ajv = new Ajv2020({ strict: false });
  expect(routes().length).toBeGreaterThan(10);
  for (const [path, operation] of routes()) {
    const schema = operation.responses['200']?.content?.['application/json']?.schema;
    if (schema === undefined) throw new Error(`${path}: no schema of its answer`);
    const answer = await app.inject(`${path}?${queryOf(operation)}`);
    expect(answer.statusCode, path).toBe(200);
    const valid = ajv.compile(schema);
    expect(valid(answer.json()) ? [] : valid.errors, path).toEqual([]);
  }
});

test('every value that the document allows is answered or refused with a reason, never failed', async () => {
  for (const [path, operation] of routes()) {
    for (const { name, schema } of operation.parameters ?? []) {
      for (const value of schema.enum ?? []) {
        const answer = await app.inject(`${path}?${queryOf(operation, { [name]: String(value) })}`);
        const told = `${path} ${name}=${value}`;
        expect([200, 400], told).toContain(answer.statusCode);
        if (answer.statusCode === 400) expect(answer.json().detail.length, told).toBeGreaterThan(20);
      }
    }
  }
});

test('what can be had as CSV has a head line and as many fields in every line', async () => {
  for (const [path, operation] of routes()) {
    if (!operation.responses['200']?.content?.['text/csv']) continue;
    const { body, headers } = await app.inject({
      url: `${path}?${queryOf(operation)}`,
      headers: { accept: 'text/csv' },
    });
    expect(headers['content-type'], path).toBe('text/csv; charset=utf-8');
    const widths = new Set(
      body
        .trim()
        .split('\n')
        .map((line) => line.split(',').length),
    );
    expect(widths.size, path).toBe(1);
  }
});
