// The page: every view under its name.
import '@fontsource/kosugi/index.css';
import './page.css';
import './switches.css';
import './tables.css';
import './charts.css';
import { startRouter } from './router.ts';
import { accountView } from './views/account.ts';
import { backscatterView } from './views/backscatter.ts';
import { liveView } from './views/live.ts';
import { mapView } from './views/map.ts';
import { portView } from './views/port.ts';
import { sourcesView } from './views/sources.ts';
import { trendsView } from './views/trends.ts';
import { yearsView } from './views/years.ts';

startRouter({
  years: yearsView,
  trends: trendsView,
  port: portView,
  sources: sourcesView,
  backscatter: backscatterView,
  map: mapView,
  live: liveView,
  account: accountView,
});
