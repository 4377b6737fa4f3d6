import type {
  Dashboard,
  DashboardItem,
  SharedDashboard,
  Shown,
  SharedPage,
  Template,
  TemplateView,
  Widget,
} from '../dashboards/types';
import { answer, client, signalled, whole, type Signal } from './client';
import type { Measured, NewShare, ShareInput } from './types';

interface Written {
  name: string;
  description: string;
  widgets: Widget[];
}

/** The dashboards of a project. */
export const dashboards = (project: string) => {
  const params = { path: { project } };
  const one = (id: string) => ({ path: { project, id } });
  return {
    list: (signal?: Signal) =>
      answer<DashboardItem[]>(client.GET('/api/v1/projects/{project}/dashboards', { params, ...signalled(signal) })),
    templates: (signal?: Signal) =>
      answer<TemplateView[]>(
        client.GET('/api/v1/projects/{project}/dashboard-templates', { params, ...signalled(signal) }),
      ),
    get: (id: string, signal?: Signal) =>
      answer<Dashboard>(
        client.GET('/api/v1/projects/{project}/dashboards/{id}', { params: one(id), ...signalled(signal) }),
      ),
    create: (body: { name: string; description?: string; template?: Template; widgets?: Widget[] }) =>
      answer<Dashboard>(client.POST('/api/v1/projects/{project}/dashboards', { params, body: whole(body) })),
    replace: (id: string, body: Written & { version: number }) =>
      answer<Dashboard>(
        client.PUT('/api/v1/projects/{project}/dashboards/{id}', { params: one(id), body: whole(body) }),
      ),
    delete: (id: string) =>
      answer<void>(client.DELETE('/api/v1/projects/{project}/dashboards/{id}', { params: one(id) })),
    restore: (id: string) =>
      answer<Dashboard>(client.POST('/api/v1/projects/{project}/dashboards/{id}/restore', { params: one(id) })),
    duplicate: (id: string, name: string) =>
      answer<Dashboard>(
        client.POST('/api/v1/projects/{project}/dashboards/{id}/duplicate', { params: one(id), body: { name } }),
      ),
    share: (body: Omit<ShareInput, 'dashboard'> & { dashboard: string }) =>
      answer<NewShare>(client.POST('/api/v1/projects/{project}/shares', { params, body })),
  };
};

/** What a link to a dashboard shows. */
export const sharedDashboard = (token: string) => ({
  get: () => answer<SharedDashboard>(client.GET('/api/v1/share/{token}/dashboard', { params: { path: { token } } })),
  widget: async (widget: string, zone: string, signal?: Signal): Promise<Shown> => {
    const { measured, mentions } = await answer<{ measured: Measured | null; mentions: SharedPage | null }>(
      client.GET('/api/v1/share/{token}/widgets/{widget}', {
        params: { path: { token, widget }, query: { zone } },
        ...signalled(signal),
      }),
    );
    return {
      apart: measured === null && mentions === null,
      ...(measured ? { measured } : {}),
      ...(mentions ? { sealed: mentions } : {}),
    };
  },
});
