// The views of the page, each at an address of its own below the page's: `trends`, `port`, … The year-on-year view is the page itself.

export const VIEWS = ['years', 'trends', 'port', 'sources', 'backscatter', 'map', 'live', 'account'] as const;
export type ViewName = (typeof VIEWS)[number];
